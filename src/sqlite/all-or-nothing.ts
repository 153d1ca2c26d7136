/** A savepoint around what may fail half-way inside an open transaction: https://sqlite.org/lang_savepoint.html */

interface Controlled {
  readonly inTransaction: boolean
  control(sql: string): void
}

/** What `run` has written is undone when it throws. SQLite may have ended the transaction then; nothing is left to undo. */
export function allOrNothing<T>(connection: Controlled, run: () => T): T {
  connection.control('SAVEPOINT noormme_together')
  try {
    return run()
  } catch (error) {
    if (connection.inTransaction) connection.control('ROLLBACK TO noormme_together')
    throw error
  } finally {
    if (connection.inTransaction) connection.control('RELEASE noormme_together')
  }
}
