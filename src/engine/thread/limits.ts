/** Checks of what callers give as limits; a wrong one is refused before anything is held. */
import { TimeoutError, ValidationError } from '../../errors.ts'

/** A timer of Node.js holds no more milliseconds; it fires at once for a larger number. About 24 days: no limit. */
export const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** @throws ValidationError unless it is a whole number of milliseconds from 1 to about 24 days. */
export function checkTimeout(timeout: unknown): number {
  if (isWholeNumber(timeout) && timeout >= 1 && timeout <= LONGEST_TIMEOUT_MS) return timeout
  throw new ValidationError({
    subject: 'timeout',
    reason: `must be a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`,
  })
}

/** @throws ValidationError unless it is a whole number from 1. */
export function checkBlockRows(blockRows: unknown): number {
  if (isWholeNumber(blockRows) && blockRows >= 1) return blockRows
  throw new ValidationError({ subject: 'the number of rows in a block', reason: 'must be a whole number from 1' })
}

/** A statement on a reader's thread ran longer than `performance.statementTimeout`. */
export function statementTimedOut(sql: string | null, limitMs: number): TimeoutError {
  const setting = 'performance.statementTimeout'
  return new TimeoutError({ what: 'the statement', limitMs, sql: sql ?? undefined, setting })
}

const isWholeNumber = (value: unknown): value is number => Number.isSafeInteger(value)
