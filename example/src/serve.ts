/** Serves the application on the wanted port or the next free one, and stops without cutting anybody off. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Settings } from './settings.ts'
import type { Shop } from './web/context.ts'

/** Ports tried, from the wanted one upwards. */
const PORTS_TRIED = 50
/** How long answers under way may take once the shop closes. */
const FAREWELL_MS = 5_000

export interface RunningServer {
  readonly url: string
  /** Accepts nothing more, lets what is under way finish, then resolves. */
  close(): Promise<void>
}

export async function serve(app: Hono<Shop>, { host, port }: Pick<Settings, 'host' | 'port'>): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  let closing = false
  // A connection is idle again only after its answer is out; once the shop closes, that is when it ends.
  server.on('request', (_, response) => {
    response.once('close', () => setImmediate(() => closing && server.closeIdleConnections()))
  })
  const address = await listen(server, host, port, PORTS_TRIED)
  const name = host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return {
    url: `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        closing = true
        // Idle connections are ended by close() itself; one that never finishes its request is cut off.
        const cut = setTimeout(() => server.closeAllConnections(), FAREWELL_MS)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
      }),
  }
}

async function listen(server: Server, host: string, port: number, tries: number): Promise<AddressInfo> {
  try {
    return await new Promise<AddressInfo>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        resolve(server.address() as AddressInfo)
      })
    })
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken || port === 0 || tries <= 1) throw error
    server.removeAllListeners('error')
    return listen(server, host, port + 1, tries - 1)
  }
}
