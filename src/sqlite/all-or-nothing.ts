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
    if (connection.inTransaction) undo(connection)
    throw error
  } finally {
    if (connection.inTransaction) connection.control('RELEASE noormme_together')
  }
}

/** Where the disk fails at that too, nothing of the transaction may stay: a part of it would be committed with the rest. */
function undo(connection: Controlled): void {
  try {
    connection.control('ROLLBACK TO noormme_together')
  } catch {
    if (connection.inTransaction) connection.control('ROLLBACK')
  }
}
