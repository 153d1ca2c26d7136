/** Where the log of an open database stands, with its salts: those SQLite does not tell, so they are read from its file. */
import { lookAtLog } from './checkpoint.ts'
import type { Connection } from './connection.ts'
import type { LogPosition } from './copy-types.ts'
import { readBytes } from './read-bytes.ts'

const HEADER_BYTES = 32
const SALTS_AT = 16

/**
 * The place behind the last commit; `null` where it cannot be told. Whoever needs it to be that of some statement compares
 * `data_version` before and after both. Reading and closing the log's file drops no lock: SQLite has none on it.
 */
export function positionOf(connection: Connection): LogPosition | null {
  if (connection.pragmas.journal_mode !== 'wal') return null
  const log = lookAtLog(connection)
  if (log === null) return null
  const header = readBytes(`${connection.path}-wal`, 0, HEADER_BYTES)
  const salts = header === null ? null : ([header.readUInt32BE(SALTS_AT), header.readUInt32BE(SALTS_AT + 4)] as const)
  return { salts, frames: log.frames }
}
