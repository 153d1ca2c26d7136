/**
 * A fetch handler as a handler for `node:http`, and for what is built on it: Express, Fastify. Answers are written as
 * fast as the client reads them, and a client that goes away ends both the request's signal and the answer's body.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** What a request does not say of itself. */
export interface ConnectionInfo {
  /** The other end of the connection: `127.0.0.1`. */
  readonly remoteAddress?: string | undefined
}

export type FetchHandler = (request: Request, connection?: ConnectionInfo) => Promise<Response>

/**
 * @example
 * createServer(toNodeHandler(dashboard(db))).listen(8686, '127.0.0.1')
 */
export function toNodeHandler(
  handler: FetchHandler,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const gone = new AbortController()
    outgoing.once('close', () => gone.abort())
    const request = toRequest(incoming, gone.signal)
    if (request === null) {
      outgoing.writeHead(400, { 'content-type': 'text/plain' }).end('This request cannot be read.\n')
      return
    }
    try {
      await send(await handler(request, { remoteAddress: incoming.socket.remoteAddress }), outgoing, incoming.method)
    } catch {
      // A handler answers what goes wrong; what is left is a body that broke off, and its reader has to notice.
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500, { 'content-type': 'text/plain' }).end('Something went wrong.\n')
    }
  }
}

/** `null` for what HTTP allows and a `Request` does not: `OPTIONS *`, TRACE, a Host that is none. */
function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request | null {
  const { method = 'GET', headers } = incoming
  // Express cuts off the path where it is mounted, and keeps the whole one.
  const path = 'originalUrl' in incoming ? String(incoming.originalUrl) : (incoming.url ?? '/')
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http'
  try {
    const url = new URL(`${scheme}://${headers.host ?? headers[':authority'] ?? 'localhost'}`)
    if (!path.startsWith('/') || url.href !== `${url.origin}/`) return null
    // Joined as texts: as a relative address, `//other.example/` would be another host.
    return new Request(`${url.origin}${path}`, {
      method,
      headers: toHeaders(incoming.rawHeaders),
      signal,
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: Readable.toWeb(incoming), duplex: 'half' }),
    } as RequestInit)
  } catch {
    return null
  }
}

function toHeaders(raw: readonly string[]): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (!name.startsWith(':')) headers.append(name, raw[index + 1] ?? '')
  }
  return headers
}

async function send(response: Response, outgoing: ServerResponse, method: string | undefined): Promise<void> {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)

  const reader = response.body?.getReader()
  if (reader === undefined || method === 'HEAD') {
    await reader?.cancel()
    outgoing.end()
    return
  }
  // With a read under way, this ends it; without one, the body learns that nobody wants it.
  const stop = (): void => void reader.cancel().catch(() => {})
  if (outgoing.destroyed) return stop()
  outgoing.once('close', stop)
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (!outgoing.write(next.value)) await drained(outgoing)
  }
  outgoing.end()
}

/** Also resolves when the client goes away: the read after it finds the body ended. */
function drained(outgoing: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = (): void => {
    outgoing.off('drain', done).off('close', done)
    resolve()
  }
  if (outgoing.destroyed) resolve()
  else outgoing.once('drain', done).once('close', done)
  return promise
}
