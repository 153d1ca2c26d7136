/** Where one read gets its result from: what is kept, the inline connection, or a reader's thread. */
import type { Reading } from './cache/cached-reads.ts'
import type { CallLimit } from './thread/call-limit.ts'
import type { WireStatement } from './thread/protocol.ts'
import { readResult, readRows } from './thread/results.ts'
import type { ReadOptions, ResultSet } from './types.ts'
import type { WalParts } from './wal-parts.ts'

/** The result, at once where it can be had at once; `null` when SQLite says that the statement writes. */
export function runRead(
  wal: WalParts,
  statement: WireStatement,
  { point = false, fresh = false }: ReadOptions = {},
  limit: CallLimit | null,
): Reading {
  // A point read costs little more than to look whether its row is kept.
  if (wal.cache === null || point || fresh) return runUnkept(wal, statement, point, limit)
  return wal.cache.read(statement, limit, () => runUnkept(wal, statement, point, limit))
}

function runUnkept(wal: WalParts, statement: WireStatement, point: boolean, limit: CallLimit | null): Reading {
  const tried = wal.inline.tryRead(statement, point)
  if (tried instanceof Promise) {
    return tried.then((result) => result ?? runOnThread(wal, statement, limit))
  }
  return tried ?? runOnThread(wal, statement, limit)
}

async function runOnThread(
  { inline, pool }: WalParts,
  statement: WireStatement,
  limit: CallLimit | null,
): Promise<ResultSet | null> {
  const result = await pool.read(statement, limit)
  if (result === null) return null
  inline.learn(statement.sql, result.ms)
  return readResult(readRows(result), result)
}
