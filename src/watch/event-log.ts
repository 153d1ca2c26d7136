/** Events as lines of a log. `docs/telemetry.md` says what is logged at which level. */
import type { Logger, LogLevel } from '../config/monitoring-types.ts'
import { withoutValues } from '../sqlite/fingerprint.ts'
import { toError } from '../util/attempt.ts'
import type { Events } from './events.ts'
import type { HealthEvent } from './types.ts'

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']
const LONGEST_TEXT = 2_000
const HEALTH_LEVELS = { healthy: 'info', degraded: 'warn', unhealthy: 'error' } as const

export interface EventLogOptions {
  readonly logger: Logger
  /** `logging.level` */
  readonly level: LogLevel
  readonly database: string
  readonly events: Events
  /** `monitoring.nPlusOne`: to listen for them costs more than to log. */
  readonly nPlusOne: boolean
}

export class EventLog {
  readonly #options: EventLogOptions

  constructor(options: EventLogOptions) {
    this.#options = options
    const { events, nPlusOne } = options
    events.on('error', ({ error, source }) => this.#write('error', { err: error, source }, error.message))
    // `query` costs a listener, so it is listened to only where it is logged; what is slow is looked for anyway.
    if (this.#logs('debug')) {
      events.on('query', ({ sql, ...measured }) => this.#write('debug', { sql: shown(sql), ...measured }, 'query'))
      events.on('checkpoint', (outcome) => this.#write('debug', outcome, 'checkpoint'))
    }
    if (this.#logs('warn')) {
      events.on('slowQuery', ({ sql, ...measured }) =>
        this.#write('warn', { sql: shown(sql), ...measured }, 'slow query'),
      )
      if (nPlusOne) {
        events.on('nPlusOne', ({ sql, ...found }) => this.#write('warn', { sql: shown(sql), ...found }, 'N+1 reads'))
      }
    }
    if (this.#logs('info')) {
      events.on('schemaChange', ({ changes }) =>
        this.#write('info', { changes: changes.map(({ details }) => details) }, 'schema changed'),
      )
    }
    events.on('health', (health) => this.#health(health))
  }

  /** Opening and closing are no events: whoever calls for them knows. */
  opened(): void {
    this.#safely('opened')
  }

  closed(): void {
    this.#safely('closed')
  }

  #health({ status, previous, checks }: HealthEvent): void {
    const found = checks.filter((check) => check.status !== 'pass').map(({ name, detail }) => `${name}: ${detail}`)
    this.#write(HEALTH_LEVELS[status], { status, previous, found }, `database is ${status}`)
  }

  /** A logger that fails must not keep a database from being opened or closed. */
  #safely(message: string): void {
    try {
      this.#write('info', {}, `database ${message}`)
    } catch (error) {
      process.emitWarning(`the logger failed: ${toError(error).message}`, 'NoormmeWarning')
    }
  }

  #write(level: LogLevel, fields: object, message: string): void {
    if (!this.#logs(level)) return
    const { logger, database } = this.#options
    logger[level]({ database, ...fields }, `noormme: ${message}`)
  }

  #logs(level: LogLevel): boolean {
    return LEVELS.indexOf(level) <= LEVELS.indexOf(this.#options.level)
  }
}

/** Values that are written into a statement are not for a log either. */
function shown(sql: string): string {
  return withoutValues(sql.slice(0, LONGEST_TEXT))
}
