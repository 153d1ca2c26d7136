/** Between what callers pass and see, and what travels to a connection's thread and back. */
import { RefusedError } from '../../errors.ts'
import { classify } from '../../sqlite/classify.ts'
import { toObjects, type WriteOutcome } from '../../sqlite/connection.ts'
import { type SqlValue, toSqlValues } from '../../sqlite/values.ts'
import type { ResultSet, Row, Statement, StreamOptions } from '../types.ts'
import type { TravellingRows } from './block.ts'
import { checkBlockRows } from './limits.ts'
import type { WireStatement } from './protocol.ts'

const NO_PARAMETERS: readonly SqlValue[] = []
/** Rows per block of a stream, where the caller does not say. */
const DEFAULT_BLOCK_ROWS = 1024

/** Checks the values of a statement and makes it ready to travel. */
export function toWireStatement({ sql, parameters }: Statement): WireStatement {
  return {
    sql,
    parameters: parameters === undefined || parameters.length === 0 ? NO_PARAMETERS : toSqlValues(parameters),
  }
}

/**
 * Outside transactions and batches these functions speak of whatever ran before on some connection.
 *
 * @throws RefusedError for a statement that calls one.
 */
export function refuseConnectionFunctions(sql: string): void {
  if (!classify(sql).asksConnection) return
  throw new RefusedError({
    statement: 'changes() or last_insert_rowid() outside a transaction',
    instead:
      'Use what the write returns (numAffectedRows, insertId, RETURNING), or ask inside transaction() or batch().',
  })
}

/** The same for a statement inside a transaction, batch or snapshot: refused are those that none may contain. */
export function toInnerStatement(statement: Statement): WireStatement {
  if (classify(statement.sql).kind === 'alone') {
    throw new RefusedError({ statement: 'VACUUM in a transaction', instead: 'Run it by itself with execute().' })
  }
  return toWireStatement(statement)
}

/** What the writer's connection answered. */
export function toResultSet(outcome: WriteOutcome): ResultSet {
  const { changes, lastInsertRowid, ms } = outcome
  return { rows: readRows(outcome), changes, lastInsertRowid, connection: 'writer', ms }
}

export function readRows(result: TravellingRows): Row[] {
  return result.objects ?? (result.rows.length === 0 ? [] : (toObjects(result) as Row[]))
}

/** The result of a statement that only read. */
export function readResult(rows: Row[], { connection, ms }: { connection: string; ms: number }): ResultSet {
  return { rows, changes: 0, lastInsertRowid: null, connection, ms }
}

/** @throws ValidationError for a size that is none. */
export function blockSize({ blockRows = DEFAULT_BLOCK_ROWS }: StreamOptions = {}): number {
  return checkBlockRows(blockRows)
}

/** Rows that are there already, handed out like a stream. */
export function* inBlocks(rows: readonly Row[], options?: StreamOptions): Generator<Row[], void> {
  const size = blockSize(options)
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size)
}

/** About how many bytes a statement keeps in memory while it is queued. */
export function weightOf({ sql, parameters }: WireStatement): number {
  let bytes = 64 + sql.length
  for (const value of parameters) {
    if (typeof value === 'string') bytes += 2 * value.length
    else if (value instanceof Uint8Array) bytes += value.byteLength
    else bytes += 8
  }
  return bytes
}
