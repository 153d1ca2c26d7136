/**
 * The header of a write-ahead log's index: what is in use of the log, in one read of 136 bytes however long the log is, and
 * two counters by which commits and new beginnings of the log can be told from outside.
 * https://sqlite.org/walformat.html#the_wal_index_file_format
 *
 * For processes that do not have the file open; see read-bytes.ts.
 */
import { endianness } from 'node:os'
import { readBytes } from './read-bytes.ts'

export interface LogIndex {
  readonly pageSize: number
  /** Frames (page versions) in use, and how many of them have been copied into the database file. */
  readonly frames: number
  readonly copied: number
  /** Grows with each commit; begins anew when the index is rebuilt. */
  readonly changes: number
  /** Grows each time the log starts again at its beginning; begins anew with the log. */
  readonly restarts: number
}

const HEADER_BYTES = 136
/** The header is written twice, so that half of a change can be told. */
const COPY_BYTES = 48
const CHANGES = 8
const IS_INITIALISED = 12
const PAGE_SIZE = 14
const FRAMES = 16
const SALT = 32
const COPIED = 96

/** `null` when there is no index, nobody has filled it in, or it is being changed just now. */
export function readLogIndex(path: string): LogIndex | null {
  const bytes = readBytes(`${path}-shm`, 0, HEADER_BYTES)
  if (bytes === null || bytes[IS_INITIALISED] !== 1) return null
  if (!bytes.subarray(0, COPY_BYTES).equals(bytes.subarray(COPY_BYTES, 2 * COPY_BYTES))) return null
  const number = (at: number): number => (endianness() === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const pageSize = endianness() === 'LE' ? bytes.readUInt16LE(PAGE_SIZE) : bytes.readUInt16BE(PAGE_SIZE)
  return {
    // 65536 does not fit, and is written as 1.
    pageSize: (pageSize & 0xfe00) + ((pageSize & 1) << 16),
    frames: number(FRAMES),
    copied: number(COPIED),
    changes: number(CHANGES),
    // Copied from the log, which is big-endian everywhere.
    restarts: bytes.readUInt32BE(SALT),
  }
}
