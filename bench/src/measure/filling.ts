/** A table that makes a database as large as it has to be. */
import type { NOORMME } from 'noormme'

const AT_ONCE = 10_000

/** Makes `filling` with so many rows of a kibibyte, and copies the log back. */
export async function fill(db: NOORMME, rows: number): Promise<void> {
  await db.execute('CREATE TABLE filling (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, bytes BLOB NOT NULL)')
  for (let from = 0; from < rows; from += AT_ONCE) {
    await db.execute(
      `WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${AT_ONCE})
       INSERT INTO filling (n, bytes) SELECT n, randomblob(980) FROM i`,
    )
  }
  await db.checkpoint('TRUNCATE')
}
