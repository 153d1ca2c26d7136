/**
 * What every connection has beyond SQLite: loadable extensions and the user's functions. Applied before anything reads
 * the schema, because indexes, triggers and generated columns may call them.
 */
import { pathToFileURL } from 'node:url'
import type BetterSqlite3 from 'better-sqlite3'
import { InitializationError, NoormmeError, StatementError } from '../errors.ts'
import { fromDriver, type SqlValue, toDriver, toSqlValue } from './values.ts'

export interface Extensions {
  /** Absolute paths of loadable SQLite extensions. */
  readonly libraries: readonly string[]
  /** Absolute path or file URL of the setup module. */
  readonly setup: string | null
}

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

type SetupFunction = (connection: ConnectionSetup) => void | Promise<void>

/** @throws InitializationError when a library or the setup module cannot be loaded or fails. */
export async function applyExtensions(
  database: BetterSqlite3.Database,
  label: string,
  { libraries, setup }: Extensions,
): Promise<void> {
  for (const library of libraries) {
    try {
      database.loadExtension(library)
    } catch (cause) {
      const reason = `the extension ${library} could not be loaded: ${messageOf(cause)}`
      throw new InitializationError(
        { connection: label, reason, advice: 'Check the path in extensions and its platform.' },
        { cause },
      )
    }
  }
  if (setup !== null) await runSetup(database, label, setup)
}

async function runSetup(database: BetterSqlite3.Database, label: string, setup: string): Promise<void> {
  try {
    const module: { default?: unknown } = await import(setup.startsWith('file:') ? setup : pathToFileURL(setup).href)
    if (typeof module.default !== 'function') throw new Error('it has no default export that is a function')
    await (module.default as SetupFunction)(setupOf(database))
  } catch (cause) {
    const reason = `the setup module ${setup} failed: ${messageOf(cause)}`
    throw new InitializationError(
      { connection: label, reason, advice: 'It must export a function as its default.' },
      { cause },
    )
  }
}

function setupOf(database: BetterSqlite3.Database): ConnectionSetup {
  return {
    function: (name, options, fn) => {
      assertFunctions(name, fn)
      // The driver counts a function's declared arguments, so the wrapper declares the same number.
      const wrapped = (...values: unknown[]): unknown =>
        calling(name, () => toResult(name, fn(...values.map(fromDriver))))
      Object.defineProperty(wrapped, 'length', { value: fn.length })
      database.function(name, { ...options, safeIntegers: true }, wrapped)
    },
    aggregate: <T>(name: string, { start, step, result, ...options }: FunctionOptions & AggregateOptions<T>) => {
      assertFunctions(name, start, step, result)
      const wrapped = (total: T, ...values: unknown[]): T => calling(name, () => step(total, ...values.map(fromDriver)))
      Object.defineProperty(wrapped, 'length', { value: step.length })
      database.aggregate(name, {
        ...options,
        safeIntegers: true,
        start: () => calling(name, start),
        step: wrapped,
        result: (total: T) => calling(name, () => toResult(name, result(total))),
      } as never)
    },
  }
}

function assertFunctions(name: string, ...given: readonly unknown[]): void {
  if (given.some((fn) => typeof fn !== 'function')) throw new TypeError(`${name}() must be given a function`)
}

/** By the same rules as bound values; a function that returns nothing returns NULL. */
function toResult(name: string, result: unknown): SqlValue {
  return toDriver(toSqlValue(result ?? null, `the result of ${name}()`))
}

/** What a function throws may quote its arguments, which are bound values: its message stays behind. */
function calling<T>(name: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof NoormmeError) throw error
    const kind = error instanceof Error ? error.name : typeof error
    const cause = new Error(`${kind}, thrown by ${name}()`)
    if (error instanceof Error) cause.stack = [String(cause), ...framesOf(error)].join('\n')
    throw new StatementError({ reason: `the function ${name}() threw ${kind}` }, { cause })
  }
}

function framesOf({ message, stack = '' }: Error): string[] {
  const frames = stack.slice(stack.indexOf(message) + message.length)
  return frames.split('\n').filter((line) => line.startsWith('    at '))
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
