/** A dashboard behind a real server on a port of this machine, closed after the test. */
import { createServer, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  type DashboardDatabase,
  type DashboardOptions,
  dashboard,
  type FetchHandler,
  toNodeHandler,
} from 'noormme/dashboard'
import { onTestFinished } from 'vitest'

export interface Served {
  /** Without a slash at its end. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export function serveDashboard(db: DashboardDatabase, options: DashboardOptions = {}): Promise<Served> {
  return serveHandler(dashboard(db, options))
}

export async function serveHandler(handler: FetchHandler): Promise<Served> {
  const server = createServer(toNodeHandler(handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(close)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, close }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What `fetch` would not send: any Host, any path, any header. */
export function ask(
  port: number,
  options: RequestOptions & { readonly body?: string | Uint8Array } = {},
): Promise<Answer> {
  const { body, ...rest } = options
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, agent: false, ...rest }, async (response) => {
      try {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) })
      } catch (error) {
        reject(error)
      }
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
