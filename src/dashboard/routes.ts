/** What there is to ask for, by its path below the dashboard's. See `protocol.ts`. */
import { type PageFile, pageFiles } from './page-files.ts'
import type { ActionName } from './protocol.ts'
import { answer, answerHtml, answerJson, refuse } from './respond.ts'
import { ACTIONS } from './run-action.ts'
import type { Serving } from './serving.ts'
import type { Monitoring } from './source.ts'

interface Asked {
  readonly request: Request
  /** What the path names in its last part. */
  readonly name: string
  readonly serving: Serving
}

export interface Route {
  readonly path: RegExp
  readonly method: 'GET' | 'POST'
  readonly answer: (asked: Asked) => Promise<Response>
}

/** A page of another site cannot send it without being asked first: https://developer.mozilla.org/docs/Web/HTTP/CORS */
const CONFIRMATION = { header: 'noormme-action', value: 'confirm' } as const

export const ROUTES: readonly Route[] = [
  { path: /^$/, method: 'GET', answer: page },
  { path: /^(assets\/[^/]+)$/, method: 'GET', answer: asset },
  { path: /^api\/overview$/, method: 'GET', answer: overview },
  { path: /^api\/events$/, method: 'GET', answer: events },
  { path: /^api\/schema$/, method: 'GET', answer: schema },
  { path: /^api\/statements\/([^/]{1,100})$/, method: 'GET', answer: statement },
  { path: /^metrics$/, method: 'GET', answer: (asked) => monitored(asked, 'metrics') },
  { path: /^health\/(live|ready)$/, method: 'GET', answer: (asked) => monitored(asked, 'health') },
  { path: /^api\/actions\/([^/]+)$/, method: 'POST', answer: action },
]

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>noormme</title></head>
<body>
<h1>The page has not been built</h1>
<p>The dashboard's server is running, but its page is not in <code>dist/dashboard/page</code>. In the repository
<code>npm install</code> and <code>npm run build</code> build it; the published package has it. In a bundle it is missing
when noormme was bundled instead of left outside: see docs/bundlers.md.</p>
<p>What it would show is at <a href="./api/overview">api/overview</a>.</p>
</body>
</html>
`

async function page({ request }: Asked): Promise<Response> {
  const file = pageFiles()?.get('')
  return file === undefined ? answerHtml(NOT_BUILT, { status: 503 }) : serveFile(request, file)
}

async function asset({ request, name }: Asked): Promise<Response> {
  const file = pageFiles()?.get(name)
  return file === undefined ? refuse('not_found', 'There is no such file.') : serveFile(request, file)
}

function serveFile({ headers }: Request, { bytes, type, etag, immutable }: PageFile): Response {
  const caching = { etag, 'cache-control': immutable ? 'private, max-age=31536000, immutable' : 'no-cache' }
  const known = (headers.get('if-none-match') ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  if (known.includes(etag)) return answer(null, null, { status: 304, headers: caching })
  return answer(type, bytes, { headers: caching })
}

/** A day of points is more than a megabyte, a tenth of that in transit. */
async function overview({ request, serving }: Asked): Promise<Response> {
  const text = await serving.overview()
  if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return answerJson(text)
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return answerJson(packed, { headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' } })
}

async function events({ request, serving }: Asked): Promise<Response> {
  if (request.method === 'HEAD') return answer('text/event-stream', null)
  if (serving.options.signal?.aborted) return refuse('unavailable', 'This program is about to end.')
  const stream = serving.hub.open(request.signal)
  if (stream === null) return refuse('unavailable', 'Too many pages are open.', { 'retry-after': '10' })
  // No proxy and no compression may keep back what is small.
  return answer('text/event-stream; charset=utf-8', stream, {
    headers: { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' },
  })
}

async function schema({ serving }: Asked): Promise<Response> {
  return answerJson(serving.toJson(await serving.source.schema()))
}

async function statement({ name, serving }: Asked): Promise<Response> {
  const found = await serving.source.statement(name)
  return found === null
    ? refuse('not_found', 'No statement with this id is known any more.')
    : answerJson(serving.toJson(found))
}

async function monitored({ request, serving }: Asked, what: keyof Monitoring): Promise<Response> {
  const { monitoring } = serving.source
  if (monitoring === null) return refuse('not_found', 'Only the program that runs the database knows.')
  const { status, headers, body } = await monitoring[what](request)
  return answer(headers.get('content-type'), body, { status })
}

async function action({ request, name, serving }: Asked): Promise<Response> {
  const { options, source, toJson } = serving
  const known = ACTIONS.find((each): each is ActionName => each === name)
  if (known === undefined) return refuse('not_found', 'There is no such action.')
  if (!options.allowActions) return refuse('forbidden', 'This dashboard only looks: allowActions is off.')
  if (request.headers.get(CONFIRMATION.header) !== CONFIRMATION.value) {
    return refuse('bad_request', `An action needs the header ${CONFIRMATION.header}: ${CONFIRMATION.value}.`)
  }
  const acting = source.act(known)
  if (acting === null) return refuse('not_found', 'This cannot be done here.')
  const result = await acting
  options.logger?.info({ action: known, ...result }, `dashboard: ${known}`)
  return answerJson(toJson(result))
}
