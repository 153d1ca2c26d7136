/** Errors of statements, calls, transactions and threads. */
import { define, inSql } from '../error-base.ts'

/** SQLite refused a statement: a syntax error, a table or column it does not know, too many parameters. */
export class StatementError extends define<{ readonly reason: string; readonly sql?: string | undefined }>(
  'NOORMME_STATEMENT',
  {
    message: ({ reason, sql }) => `${reason}${inSql(sql)}`,
    hint: 'Correct the statement.',
  },
) {}

/** A statement that would act on a connection it must not act on: BEGIN, ATTACH, setting a PRAGMA, … */
export class RefusedError extends define<{ readonly statement: string; readonly instead: string }>('NOORMME_REFUSED', {
  message: ({ statement }) => `${statement} is refused here`,
  hint: ({ instead }) => instead,
}) {}

/** Another process held the database for the whole of `busyTimeout`. */
export class BusyError extends define<{
  readonly connection: string
  readonly waitedMs: number
  readonly holder?: string | undefined
}>('NOORMME_BUSY', {
  message: ({ connection, waitedMs, holder }) =>
    `the database stayed locked for ${waitedMs} ms (${connection}); ${holder === undefined ? 'the holder is unknown' : `held by ${holder}`}`,
  hint: 'Shorten the other program’s transactions, or raise optimization.busyTimeout.',
  retryable: true,
}) {}

interface CallFacts {
  readonly what: string
  /** Where in the caller's code it began. */
  readonly origin?: string | undefined
  readonly sql?: string | undefined
}

const began = (origin: string | undefined): string => (origin === undefined ? '' : `; it began ${origin}`)

/** A time limit ran out. `setting`: the configuration key that set it, where it was not the call itself. */
export class TimeoutError extends define<CallFacts & { readonly limitMs: number; readonly setting?: string }>(
  'NOORMME_TIMEOUT',
  {
    message: ({ what, limitMs, origin, sql }) => `${what} ran out of its ${limitMs} ms${began(origin)}${inSql(sql)}`,
    hint: ({ setting }) => `Do less inside it, or raise ${setting ?? 'the limit'}.`,
    retryable: true,
  },
) {}

/** The signal of a call aborted; its reason is the `cause`. A write was not done, a transaction was rolled back. */
export class AbortedError extends define<CallFacts>('NOORMME_ABORTED', {
  message: ({ what, origin, sql }) => `${what} was aborted${began(origin)}${inSql(sql)}`,
  hint: 'Nothing is wrong: whoever holds the AbortController of this call has aborted it.',
}) {}

/** A read, snapshot or stream was ended because it stayed open while the log had to be restarted. */
export class ReaderExpiredError extends define<CallFacts & { readonly ageMs: number }>('NOORMME_READER_EXPIRED', {
  message: ({ what, ageMs, origin }) =>
    `this ${what} was ended after ${ageMs} ms, because the write-ahead log had to be restarted${began(origin)}`,
  hint: 'Read in shorter pieces, and do slow work after reading instead of between.',
  retryable: true,
}) {}

/** More writes are waiting than the queue may hold. The write was not queued. */
export class QueueFullError extends define<{ readonly depth: number; readonly bytes: number; readonly limit: string }>(
  'NOORMME_QUEUE_FULL',
  {
    message: ({ depth, bytes, limit }) => `the write queue is full (${depth} writes, ${bytes} bytes; limit ${limit})`,
    hint: 'Await earlier writes before sending more, or raise performance.maxQueuedWrites or maxQueuedBytes.',
    retryable: true,
  },
) {}

/** The write-ahead log has reached its limit, and what reads from it keeps it from starting again. Nothing was written. */
export class LogFullError extends define<{ readonly limitBytes: number; readonly pinnedBy: readonly string[] }>(
  'NOORMME_LOG_FULL',
  {
    message: ({ limitBytes, pinnedBy }) =>
      `the write-ahead log has reached its limit of ${limitBytes} bytes, pinned by ${pinnedBy.join(', ') || 'an unknown reader'}`,
    hint: 'End the reader that is named, or make it shorter; a larger optimization.walLimit only puts this off.',
    retryable: true,
  },
) {}

/** A transaction, snapshot or savepoint used in a way it does not allow. */
export class TransactionError extends define<{ readonly reason: string; readonly advice: string }>(
  'NOORMME_TRANSACTION',
  {
    message: ({ reason }) => reason,
    hint: ({ advice }) => advice,
  },
) {}

/** A transaction or snapshot was used after its end. The statement was not run. */
export class TransactionEndedError extends define<{ readonly what: string; readonly how: string }>(
  'NOORMME_TRANSACTION_ENDED',
  {
    message: ({ what, how }) => `this ${what} has ended (${how}); the statement was not run`,
    hint: ({ how }) =>
      how === 'timed out'
        ? 'Do less inside it, or raise performance.transactionTimeout; what it did was undone.'
        : 'Await every call inside the callback, before it returns.',
  },
) {}

/** The outcome of a commit is unknown: the disk or the thread failed while it was under way. */
export class IndeterminateError extends define<{ readonly reason: string }>('NOORMME_INDETERMINATE', {
  message: ({ reason }) => `it is unknown whether the commit took place: ${reason}`,
  hint: 'Read back whether the write is there before repeating it. If the disk failed, check it first.',
}) {}

/** The database is closed, or closing. */
export class ClosedError extends define<{ readonly what: string }>('NOORMME_CLOSED', {
  message: ({ what }) => `${what} is closed`,
  hint: 'Call initialize() to open it again.',
}) {}

/** A database thread ended unexpectedly. Its unfinished work was not acknowledged. */
export class ThreadError extends define<{ readonly connection: string; readonly reason: string }>('NOORMME_THREAD', {
  message: ({ connection, reason }) => `the thread of connection ${connection} ended: ${reason}`,
  hint: 'The call may be repeated; a new thread has taken its place.',
  retryable: true,
}) {}
