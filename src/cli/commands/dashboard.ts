import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dashboardOver } from '../../dashboard/dashboard.ts'
import { isLoopbackName } from '../../dashboard/guard.ts'
import { toNodeHandler } from '../../dashboard/node-adapter.ts'
import { openFileSource } from '../../dashboard/outside/file-source.ts'
import { ValidationError } from '../../errors.ts'
import { type Command, FILE, type RunContext } from '../command.ts'
import { TOKEN, tokenFrom } from '../live/options.ts'
import { printable } from '../render/text.ts'
import { untilStopped } from '../until-stopped.ts'

const DEFAULT_PORT = 8686
const DEFAULT_HOST = '127.0.0.1'

/** `noormme dashboard FILE` */
export const dashboard: Command = {
  name: 'dashboard',
  summary: 'Show a database file on a page in the browser',
  arguments: [FILE],
  options: [
    { name: 'port', value: 'PORT', about: `where it listens; 0: any free port (default: ${DEFAULT_PORT})` },
    { name: 'host', value: 'HOST', about: `which address it listens on (default: ${DEFAULT_HOST})` },
    { ...TOKEN, about: 'who may look; needed for any other HOST. Or NOORMME_TOKEN in the environment' },
    { name: 'allow-actions', about: 'the page may run a checkpoint and gather statistics, after asking' },
  ],
  examples: ['noormme dashboard app.db', 'noormme dashboard app.db --port 9000 --json'],
  notes: [
    'The file is only looked at, whoever runs it. Goes on until Ctrl+C.',
    'A program shows more of its own database: see docs/dashboard.md.',
  ],
  run: async ({ arguments: { FILE: path = '' }, options }, context) => {
    const host = options.host ?? DEFAULT_HOST
    const token = tokenFrom(options)
    if (token === null && !isLoopbackName(host)) {
      throw mistake(
        '--host',
        `${host} is more than this machine, which needs a token`,
        'Give one with --token, or as NOORMME_TOKEN.',
      )
    }
    const source = await openFileSource(path)
    const handler = dashboardOver(source, {
      ...(token === null ? {} : { token }),
      allowActions: options['allow-actions'] !== undefined,
      logger: loggerOver(context),
    })
    using stopping = untilStopped()
    const server = await listen(createServer(toNodeHandler(handler)), portFrom(options.port), host)
    const url = addressOf(server)
    context.line(
      { file: source.path, url },
      (style) => `${printable(source.path)} is shown at ${style.strong(url)} until Ctrl+C`,
    )
    if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
    await new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
    return { code: 0, json: null, text: () => '' }
  },
}

function loggerOver(context: RunContext) {
  const say = (details: object, message: string): void => {
    const why = 'err' in details && details.err instanceof Error ? `: ${details.err.message}` : ''
    const detail = 'detail' in details ? `: ${details.detail}` : ''
    context.say((style) => style.dim(printable(`${message}${detail}${why}`)))
  }
  return { info: say, warn: say, error: say }
}

async function listen(server: Server, port: number, host: string): Promise<Server> {
  try {
    server.listen({ port, host })
    await once(server, 'listening')
    return server
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'EADDRINUSE')
      throw mistake('--port', `${port} is taken by another program`, 'Give another one, or 0 for any that is free.')
    throw mistake('--host', `${host} cannot be listened on (${code})`, 'Give an address of this machine.')
  }
}

function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`
}

function portFrom(given: string | undefined): number {
  if (given === undefined) return DEFAULT_PORT
  if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given)
  throw mistake(
    '--port',
    `must be a number from 0 to 65535, got ${JSON.stringify(given)}`,
    'See noormme dashboard --help',
  )
}

function mistake(subject: string, reason: string, advice: string): ValidationError {
  return new ValidationError({ subject, reason, advice })
}
