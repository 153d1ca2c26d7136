/** What a dashboard is told when it is mounted. */
import { ValidationError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'

/** As of pino and most others: details first, then the message. */
export interface DashboardLogger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface DashboardOptions {
  /**
   * Who knows it may look: as `Authorization: Bearer …`, or typed into the form that the page begins with. At least 16
   * characters. Without one, and without `authorize`, only this machine may look.
   */
  readonly token?: string | undefined
  /** Decides in the place of a token who may look, for applications that know their users: `(request) => isAdmin(request)`. */
  readonly authorize?: ((request: Request) => boolean | Promise<boolean>) | undefined
  /** Lets the page run a checkpoint and gather statistics, each after asking. Default: `false`: it only looks. */
  readonly allowActions?: boolean | undefined
  /** The path where it is mounted: `/admin/database`. Default: `''`, the whole server. */
  readonly basePath?: string | undefined
  /** Ends the streams of all open pages when it aborts, so that a server can close: abort it before `server.close()`. */
  readonly signal?: AbortSignal | undefined
  /** Told of actions, of wrong tokens, and of what goes wrong. Default: none. */
  readonly logger?: DashboardLogger | undefined
}

export interface ResolvedDashboardOptions {
  readonly token: string | null
  readonly authorize: ((request: Request) => boolean | Promise<boolean>) | null
  readonly allowActions: boolean
  /** Without a slash at its end. */
  readonly basePath: string
  readonly signal: AbortSignal | null
  readonly logger: DashboardLogger | null
}

const OPTIONS = ['token', 'authorize', 'allowActions', 'basePath', 'signal', 'logger'] as const
/** A token can be tried at the speed of the network; this many characters cannot be. */
const SHORTEST_TOKEN = 16
/** What stands for itself in a path, so that it can be compared as text. */
const PATH = /^(?:\/[A-Za-z0-9._~@-]+)*\/?$/

/** @throws ValidationError for an option that there is not, or a value that cannot be. */
export function resolveOptions(options: DashboardOptions): ResolvedDashboardOptions {
  if (typeof options !== 'object' || options === null) throw refuse('takes an object of options')
  const unknown = Object.keys(options).find((key) => !OPTIONS.some((name) => name === key))
  if (unknown !== undefined) {
    const near = nearest(unknown, OPTIONS)
    throw refuse(`has no option "${unknown}"${near.length === 0 ? '' : `. Did you mean ${near.join(' or ')}?`}`)
  }

  const { token, authorize, allowActions = false, basePath = '', signal, logger } = options
  if (token !== undefined && (typeof token !== 'string' || token.length < SHORTEST_TOKEN)) {
    throw refuse(`needs a token of at least ${SHORTEST_TOKEN} characters`)
  }
  if (authorize !== undefined && typeof authorize !== 'function') throw refuse('needs a function for authorize')
  if (token !== undefined && authorize !== undefined) throw refuse('takes a token or authorize, not both')
  if (typeof allowActions !== 'boolean') throw refuse('needs true or false for allowActions')
  if (typeof basePath !== 'string' || !PATH.test(basePath)) {
    throw refuse('needs a basePath that begins with a slash, such as /admin/database')
  }
  if (
    logger !== undefined &&
    (['info', 'warn', 'error'] as const).some((name) => typeof logger?.[name] !== 'function')
  ) {
    throw refuse('needs a logger with info(), warn() and error()')
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw refuse('needs an AbortSignal for signal')
  return {
    token: token ?? null,
    authorize: authorize ?? null,
    allowActions,
    basePath: basePath.replace(/\/$/, ''),
    signal: signal ?? null,
    logger: logger ?? null,
  }
}

function refuse(reason: string): ValidationError {
  return new ValidationError({ subject: 'dashboard()', reason, advice: 'docs/dashboard.md lists the options.' })
}
