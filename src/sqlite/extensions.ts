/**
 * What every connection has beyond SQLite: loadable extensions and the user's functions. Applied before anything reads
 * the schema, because indexes, triggers and generated columns may call them.
 */
import { pathToFileURL } from 'node:url'
import type BetterSqlite3 from 'better-sqlite3'
import { InitializationError, NoormmeError, StatementError } from '../errors.ts'
import type { AggregateOptions, ConnectionSetup, Extensions, FunctionOptions } from './connection-setup.ts'
import { fromDriver, type SqlValue, toDriver, toSqlValue } from './values.ts'

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
