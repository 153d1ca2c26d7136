/** Style sheet and script, read once; their addresses carry a hash, so browsers may keep them for ever. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../public/', import.meta.url)

interface Asset {
  readonly path: string
  readonly type: string
  readonly body: string
}

function load(name: string, extension: string, type: string): Asset {
  const folder = new URL(`${name}/`, FOLDER)
  const files = readdirSync(folder).filter((file) => file.endsWith(extension))
  const body = files
    .sort()
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n')
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10)
  return { path: `/assets/${name}-${hash}${extension}`, type, body }
}

export const STYLE_SHEET = load('styles', '.css', 'text/css; charset=utf-8')
export const SCRIPT = load('scripts', '.js', 'text/javascript; charset=utf-8')

export const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 1 29 8.5v15L16 31 3 23.5v-15z" fill="#f2a516"/>' +
  '<path d="M9 12.5h14M8 17h16M10 21.5h12" stroke="#241a08" stroke-width="2.6" stroke-linecap="round"/></svg>'
