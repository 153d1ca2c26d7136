/**
 * The dashboard as a handler of web requests: guards first, then the page, its files and its API.
 *
 *     request ─▶ below basePath? ─▶ from this site? ─▶ allowed to look? ─▶ route ─▶ answer
 */
import type { DashboardDatabase } from './database.ts'
import { EventHub, type Message } from './event-hub.ts'
import { judgeAccess, judgeOrigin } from './guard.ts'
import { historiesJson } from './history-json.ts'
import { LiveSource } from './live-source.ts'
import { login, loginPage, loginStyle, logout } from './login.ts'
import type { ConnectionInfo, FetchHandler } from './node-adapter.ts'
import { type DashboardOptions, type ResolvedDashboardOptions, resolveOptions } from './options.ts'
import { redirect, refuse } from './respond.ts'
import { ROUTES, type Route } from './routes.ts'
import type { Serving } from './serving.ts'
import { shared } from './shared.ts'
import type { Source } from './source.ts'
import { nextTickMs } from './tick-timing.ts'
import { hideTexts } from './without-paths.ts'

/** Milliseconds: pages that open at once are given the same. */
const OVERVIEW_FOR_MS = 500

/**
 * A dashboard of this database: a handler of web requests for any server. Nothing runs while no page is open.
 *
 * Without `token` and `authorize` it answers this machine only, and has to be told whose request it is: `toNodeHandler`
 * does, others pass `{ remoteAddress }` as the second argument. See `docs/dashboard.md`.
 *
 * @example
 * createServer(toNodeHandler(dashboard(db))).listen(8686, '127.0.0.1')
 * @example
 * app.all('/admin/database/*', (c) => handler(c.req.raw)) // handler = dashboard(db, { token, basePath: '/admin/database' })
 * @throws ValidationError for options that cannot be.
 */
export function dashboard(db: DashboardDatabase, options: DashboardOptions = {}): FetchHandler {
  return dashboardOver(new LiveSource(db), options)
}

/** The same of whatever can be asked. */
export function dashboardOver(source: Source, given: DashboardOptions = {}): FetchHandler {
  const options = resolveOptions(given)
  const toJson = (value: unknown): string => hideTexts(JSON.stringify(value, bigIntsAsText), source.hidden)
  const failed = (error: unknown): void => options.logger?.error({ err: error }, 'dashboard: something went wrong')
  const hub = new EventHub({ begin: () => source.watch(), make: () => tickMessage(source, toJson), failed })
  options.signal?.addEventListener('abort', () => hub.end(), { once: true })
  const overview = shared(
    async () => {
      const { histories, ...found } = await source.overview()
      const rest = toJson(options.allowActions ? found : { ...found, actions: [] })
      return `{"histories":${await historiesJson(histories)},${rest.slice(1)}`
    },
    OVERVIEW_FOR_MS,
    () => source.isOpen,
  )
  const serving: Serving = { source, options, hub, overview, toJson }

  return async (request, connection) => {
    try {
      return await handle(request, connection, serving)
    } catch (error) {
      if (request.signal.aborted) return refuse('bad_request', 'The request was broken off.')
      failed(error)
      return refuse('failed', 'This could not be answered. The log of the program says why.')
    }
  }
}

async function handle(request: Request, connection: ConnectionInfo | undefined, serving: Serving): Promise<Response> {
  const { options } = serving
  const url = new URL(request.url)
  const path = pathBelow(url.pathname, options.basePath)
  if (path === null) return refuse('not_found', 'There is nothing here.')
  // Relative addresses of the page need the slash.
  if (path === 'no slash') return redirect(`${options.basePath.split('/').at(-1)}/`)

  const host = (request.headers.get('host') ?? url.host).toLowerCase()
  const origin = judgeOrigin(request, host)
  if (origin.kind === 'forbidden') return refuse('forbidden', origin.why)
  const answer = await signIn(request, path, options)
  if (answer !== null) return answer
  const access = await judgeAccess(request, options, { host, connection, nowMs: Date.now() })
  if (access.kind === 'forbidden') return refuse('forbidden', access.why)
  if (access.kind === 'unauthorized') {
    if (path === '' && request.method === 'GET') return loginPage()
    return refuse('unauthorized', 'This needs the token of the dashboard.', { 'www-authenticate': 'Bearer' })
  }
  return route(request, path, serving)
}

/** What has to work for those who are not signed in. */
async function signIn(
  request: Request,
  path: string,
  { token, ...options }: ResolvedDashboardOptions,
): Promise<Response | null> {
  if (token === null) return null
  if (path === 'login.css' && request.method === 'GET') return loginStyle()
  if (path === 'login' && request.method === 'POST') return login(request, { ...options, token }, Date.now())
  if (path === 'logout' && request.method === 'POST') return logout(request, { ...options, token })
  return null
}

async function route(request: Request, path: string, serving: Serving): Promise<Response> {
  const [found, ...names] = matching(path)
  if (found === undefined) return refuse('not_found', 'There is nothing here.')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  if (method !== found.method) {
    const allow = found.method === 'GET' ? 'GET, HEAD' : found.method
    return refuse('method_not_allowed', `This takes ${allow}.`, { allow })
  }
  const response = await found.answer({ request, name: names[0] ?? '', serving })
  if (request.method !== 'HEAD') return response
  await response.body?.cancel()
  return new Response(null, response)
}

function matching(path: string): [Route | undefined, ...string[]] {
  for (const candidate of ROUTES) {
    const match = candidate.path.exec(path)
    if (match !== null) return [candidate, ...match.slice(1)]
  }
  return [undefined]
}

/** The path below the one where the dashboard is mounted, without its first slash; `null` for one that is not below. */
function pathBelow(pathname: string, basePath: string): string | null {
  if (pathname === basePath && basePath !== '') return 'no slash'
  return pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length + 1) : null
}

async function tickMessage(source: Source, toJson: Serving['toJson']): Promise<Message> {
  const { tick, isLast } = await source.tick()
  return { event: 'tick', data: toJson(tick), isLast, delayMs: nextTickMs(tick.point.at, Date.now()) }
}

/** An integer that a number cannot hold. */
function bigIntsAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
