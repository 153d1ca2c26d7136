/** What a database file says of itself. */
import type { ReadOnlyFile } from './read-only-file.ts'

export interface FileFacts {
  /** Version of the SQLite that reads, not of the one that wrote. */
  readonly sqliteVersion: string
  readonly pageSize: number
  readonly pageCount: number
  /** Pages that are free to be used again. */
  readonly freelistCount: number
  readonly encoding: string
  readonly userVersion: number
  readonly applicationId: number
}

/** Reads them, and no table. See https://sqlite.org/pragma.html */
export async function readFileFacts(file: Pick<ReadOnlyFile, 'execute'>): Promise<FileFacts> {
  const { rows } = await file.execute({
    sql: `SELECT sqlite_version() AS version, page_size, page_count, freelist_count, encoding, user_version, application_id
FROM pragma_page_size, pragma_page_count, pragma_freelist_count, pragma_encoding, pragma_user_version, pragma_application_id`,
  })
  const [row = {}] = rows
  return {
    sqliteVersion: String(row.version),
    pageSize: Number(row.page_size),
    pageCount: Number(row.page_count),
    freelistCount: Number(row.freelist_count),
    encoding: String(row.encoding),
    userVersion: Number(row.user_version),
    applicationId: Number(row.application_id),
  }
}
