/**
 * The one catalogue of errors; its classes stand by subject in `errors/`. Every error noormme throws is a
 * {@link NoormmeError} that answers three questions:
 * what happened (`code`, `context`, `cause`), may I simply try again (`retryable`), and what to do now (`hint`).
 *
 * SQL may appear in a message, bound values never: messages end up in logs.
 *
 * An error is built from *facts*, a plain object that survives a thread boundary, so the same class with the same
 * message stands on both sides: {@link toWire} and {@link fromWire}.
 */

import { type AnyErrorClass, NoormmeError } from './error-base.ts'
import * as backup from './errors/backup.ts'
import * as calls from './errors/calls.ts'
import * as constraints from './errors/constraints.ts'
import * as file from './errors/file.ts'
import * as migrating from './errors/migrating.ts'
import * as naming from './errors/naming.ts'
import * as opening from './errors/opening.ts'

export { type ErrorOrigin, NoormmeError } from './error-base.ts'
export * from './errors/backup.ts'
export * from './errors/calls.ts'
export * from './errors/constraints.ts'
export * from './errors/file.ts'
export * from './errors/migrating.ts'
export * from './errors/naming.ts'
export * from './errors/opening.ts'

/** Every class of the folder `errors/`, by its code. What its modules export are classes of errors alone. */
export const ERROR_CATALOGUE: ReadonlyMap<string, AnyErrorClass> = new Map(
  [opening, naming, constraints, calls, file, migrating, backup]
    .flatMap((subject): AnyErrorClass[] => Object.values(subject))
    .map((errorClass) => [errorClass.code, errorClass]),
)

/**
 * Whether `error` is one of ours, and, when a code is given, exactly that one. Works across copies of the package.
 *
 * @example
 * if (isNoormmeError(error, 'NOORMME_UNIQUE')) return conflict(error.context)
 */
export function isNoormmeError(error: unknown, code?: string): error is NoormmeError {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return code === undefined ? ERROR_CATALOGUE.has(error.code) : error.code === code
}

/** An error as it travels between threads. */
export interface WireError {
  readonly code: string | null
  readonly facts: object
  readonly message: string
  readonly stack: string | undefined
  readonly sqliteCode: string | undefined
}

/** Takes an error apart for `postMessage`. Errors that are not ours keep message and stack only. */
export function toWire(error: unknown): WireError {
  if (error instanceof NoormmeError) {
    return {
      code: error.code,
      facts: error.context,
      message: error.message,
      stack: error.stack,
      sqliteCode: error.sqliteCode,
    }
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { code: null, facts: {}, message, stack, sqliteCode: undefined }
}

/** Puts it together again on the other side, the thread's own stack as its `cause`. */
export function fromWire(wire: WireError): Error {
  const cause = new Error(wire.message)
  if (wire.stack !== undefined) cause.stack = wire.stack
  const errorClass = wire.code === null ? undefined : ERROR_CATALOGUE.get(wire.code)
  return errorClass === undefined ? cause : new errorClass(wire.facts as never, { cause, sqliteCode: wire.sqliteCode })
}
