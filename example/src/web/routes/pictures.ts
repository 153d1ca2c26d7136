/** The pictures, and the style sheet and script. */
import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { DRAWING_VERSION, draw } from '../../lib/art/draw.ts'
import { findWork } from '../../lib/shop/works.ts'
import { FAVICON, SCRIPT, STYLE_SHEET } from '../assets.ts'
import { positive } from '../forms.ts'

const FOR_A_YEAR = 'public, max-age=31536000, immutable'
/** Pictures kept drawn, so that a page of 24 costs nothing the second time: at 10 KB each, about 5 MB. */
const MOST_KEPT = 512

const kept = new Map<string, string>()

export const pictures = new Hono()

pictures.get('/art/:file{[0-9]+\\.svg}', async (c) => {
  const work = await findWork(positive(c.req.param('file').slice(0, -'.svg'.length), 0))
  if (work === null) return c.notFound()

  const etag = `"${createHash('sha256').update(`${DRAWING_VERSION} ${work.style} ${work.seed}`).digest('base64url').slice(0, 16)}"`
  c.header('ETag', etag)
  c.header('Cache-Control', FOR_A_YEAR)
  if (c.req.header('if-none-match') === etag) return c.body(null, 304)
  c.header('Content-Type', 'image/svg+xml')
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  return c.body(drawn(etag, () => draw(work.style, work.seed)))
})

for (const { path, type, body, cache } of [
  { ...STYLE_SHEET, cache: FOR_A_YEAR },
  { ...SCRIPT, cache: FOR_A_YEAR },
  { path: '/favicon.svg', type: 'image/svg+xml', body: FAVICON, cache: 'public, max-age=86400' },
]) {
  pictures.get(path, (c) =>
    c.body(body, 200, { 'Content-Type': type, 'Cache-Control': cache, 'X-Content-Type-Options': 'nosniff' }),
  )
}

/** The picture as drawn before, or now; the one unused for longest makes room. */
function drawn(key: string, make: () => string): string {
  const picture = kept.get(key) ?? make()
  kept.delete(key)
  kept.set(key, picture)
  const oldest = kept.keys().next()
  if (kept.size > MOST_KEPT && !oldest.done) kept.delete(oldest.value)
  return picture
}
