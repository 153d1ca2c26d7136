/** What a `setup` module is given: plain types, without the driver. */
import type { SqlValue } from './values.ts'

/** What a `setup` module may do with each connection. It runs once per connection, in that connection's own thread. */
export interface ConnectionSetup {
  /**
   * Adds an SQL function. Mark it `deterministic` to use it in an index.
   *
   * @example
   * export default (connection) => connection.function('slug', { deterministic: true }, (text) => slugify(text))
   */
  function(name: string, options: FunctionOptions, fn: (...values: SqlValue[]) => unknown): void
  /** Adds an aggregate function: `start` gives the first total, `step` adds a row to it, `result` ends it. */
  aggregate<T>(name: string, options: FunctionOptions & AggregateOptions<T>): void
}

export interface FunctionOptions {
  /** Same arguments, same result: allowed in indexes and generated columns. Default: `false`. */
  readonly deterministic?: boolean
  /** Not callable from triggers, views and the schema. Default: `false`. */
  readonly directOnly?: boolean
  /** Any number of arguments, instead of exactly those the JavaScript function declares. Default: `false`. */
  readonly varargs?: boolean
}

export interface AggregateOptions<T> {
  readonly start: () => T
  readonly step: (total: T, ...values: SqlValue[]) => T
  readonly result: (total: T) => unknown
}

export interface Extensions {
  /** Absolute paths of loadable SQLite extensions. */
  readonly libraries: readonly string[]
  /** Absolute path or file URL of the setup module. */
  readonly setup: string | null
}
