/** Whether SQLite ended a statement because it was interrupted (https://sqlite.org/rescode.html#interrupt). */
export function isInterrupted(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'sqliteCode' in error && error.sqliteCode === 'SQLITE_INTERRUPT'
}
