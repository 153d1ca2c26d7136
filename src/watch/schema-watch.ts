/**
 * Keeps the schema current and says what has changed.
 *
 *     idle ──start()──▶ waiting ──interval──▶ asking SQLite for its schema_version ──▶ waiting
 *                          │                        └──it is another one──▶ reading the schema ──▶ waiting
 *                          └──stop(), or the database is closed──▶ idle
 *
 * Asking takes some microseconds on the event loop's own connection. The timer runs only while nothing is being asked and
 * never keeps the process alive. What this database itself alters is followed at once, watched or not.
 */
import type { Naming } from '../config/types.ts'
import { isNoormmeError, ValidationError } from '../errors.ts'
import { LiveSchema } from '../schema/live-schema.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { toError } from '../util/attempt.ts'
import { nearest } from '../util/nearest.ts'
import type { Events } from './events.ts'
import type { WatchOptions } from './types.ts'

const DEFAULT_INTERVAL_MS = 1_000
/** More often would be work for nothing: nobody reacts faster. */
const MIN_INTERVAL_MS = 10
const MAX_INTERVAL_MS = 86_400_000

export interface SchemaWatchOptions {
  /** `introspection.naming` */
  readonly naming: Naming
  readonly events: Events
  /** Reads the schema, as seen by the caller: inside a transaction with what that has done. */
  readonly read: () => Promise<SchemaInfo>
  /** SQLite's `schema_version`, and the schema, as everybody sees them. */
  readonly versionOutside: () => Promise<number>
  readonly readOutside: () => Promise<SchemaInfo>
}

export class SchemaWatch {
  readonly live: LiveSchema
  readonly #options: SchemaWatchOptions
  #timer: NodeJS.Timeout | null = null
  /** Grows with each start and stop, so that what is being asked just then does not go on. */
  #generation = 0

  constructor(options: SchemaWatchOptions) {
    this.#options = options
    this.live = new LiveSchema(options.naming)
  }

  /** Reads it again, in whatever way, and tells what has changed. */
  async refresh(read: () => Promise<SchemaInfo> = this.#options.read): Promise<SchemaInfo> {
    const reading = this.live.begin()
    const schema = await read()
    const changes = this.live.accept(reading, schema)
    const now = this.live.current ?? schema
    if (changes.length > 0) this.#options.events.emit('schemaChange', { changes, schema: now })
    return now
  }

  /** Reads it again if its version is another one. */
  async check(): Promise<void> {
    if ((await this.#options.versionOutside()) === this.live.current?.version) return
    await this.refresh(this.#options.readOutside)
  }

  /** The same, for those who have done their work and must not fail because of this. */
  async follow(): Promise<void> {
    await this.check().catch((error: unknown) => this.#report(error))
  }

  /** @throws ValidationError for options that it does not have. */
  start(options: WatchOptions = {}): void {
    const interval = intervalOf(options)
    this.stop()
    this.#wait(interval)
  }

  stop(): void {
    this.#generation++
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #wait(interval: number): void {
    const generation = this.#generation
    this.#timer = setTimeout(async () => {
      await this.follow()
      if (this.#generation === generation) this.#wait(interval)
    }, interval).unref()
  }

  #report(error: unknown): void {
    // Closed meanwhile: the next opening reads the schema anyway.
    if (isNoormmeError(error, 'NOORMME_CLOSED')) this.stop()
    else this.#options.events.emit('error', { error: toError(error), source: 'schemaWatching' })
  }
}

export function intervalOf(options: WatchOptions): number {
  const subject = 'startSchemaWatching()'
  if (typeof options !== 'object' || options === null) {
    throw new ValidationError({ subject, reason: 'takes an object of options' })
  }
  const unknown = Object.keys(options).find((key) => key !== 'interval')
  if (unknown !== undefined) {
    const meant = nearest(unknown, ['interval']).length > 0 ? ' Did you mean "interval"?' : ''
    throw new ValidationError({ subject, reason: `has no option "${unknown}".${meant}` })
  }
  const { interval = DEFAULT_INTERVAL_MS } = options
  if (!Number.isSafeInteger(interval) || interval < MIN_INTERVAL_MS || interval > MAX_INTERVAL_MS) {
    const range = `from ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS}`
    throw new ValidationError({ subject, reason: `needs an interval in whole milliseconds, ${range}` })
  }
  return interval
}
