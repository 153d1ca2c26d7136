/** The header of a database file: https://sqlite.org/fileformat.html#the_database_header */
import { readBytes } from './read-bytes.ts'

const MAGIC = 'SQLite format 3\0'
/** The version needed for writing: 2 stands for WAL. */
const WRITE_VERSION = 18
const HEADER_BYTES = 20

/**
 * The journal mode that the file itself names; `null` for one that does not exist, is empty or is no database. For
 * processes that do not have the file open; see read-bytes.ts.
 */
export function journalModeOf(path: string): 'wal' | 'delete' | null {
  const header = readBytes(path, 0, HEADER_BYTES)
  if (header?.toString('latin1').startsWith(MAGIC) !== true) return null
  return header[WRITE_VERSION] === 2 ? 'wal' : 'delete'
}
