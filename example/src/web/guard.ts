/** Refuses requests that change something and come from another site, or are no form. */
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { Shop } from './context.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const FORMS = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])

/**
 * Browsers say where a request comes from in `Sec-Fetch-Site` or, older ones, in `Origin`; a page of another site can
 * forge neither. Who sends neither is no browser and must say `Origin` itself.
 * https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
 */
export const sameSiteOnly = createMiddleware<Shop>(async (c, next) => {
  if (
    !SAFE.has(c.req.method) &&
    !isSameSite(c.req.header('sec-fetch-site'), c.req.header('origin'), c.req.header('host'))
  ) {
    throw new HTTPException(403, { message: 'This form was sent from another site.' })
  }
  await next()
})

/** Everything that is posted here is a form; another kind of body would read as one without fields. */
export const formsOnly = createMiddleware<Shop>(async (c, next) => {
  if (c.req.method === 'POST' && !FORMS.has(mediaType(c.req.header('content-type')))) {
    throw new HTTPException(415, { message: 'The gallery takes forms, and this was not sent as one.' })
  }
  await next()
})

function mediaType(contentType = ''): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase()
}

export function isSameSite(
  fetchSite: string | undefined,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (fetchSite !== undefined) return fetchSite === 'same-origin' || fetchSite === 'none'
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false
  return new URL(origin).host === host
}
