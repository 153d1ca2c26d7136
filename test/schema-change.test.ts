/** A schema that changes under open connections: each sees it with its next statement, whoever changed it. */
import { expect, test } from 'vitest'
import { holdDatabase } from './support/database-holder.ts'
import { tempDatabase } from './support/temp-database.ts'

const QUERY = 'SELECT * FROM t WHERE id = 1'

test.each(['this process', 'another process'])(
  'a column added by %s is seen by readers and the inline connection',
  async (by) => {
    // However slow the machine is just now.
    const { db, path } = tempDatabase({ performance: { inlineReadBudget: 50 } })
    await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, a)')
    await db.execute('INSERT INTO t VALUES (1, 2)')
    const onReader = async () => (await db.snapshot((snapshot) => snapshot.execute(QUERY))).rows
    const onThread = async () => {
      const blocks: unknown[] = []
      for await (const row of db.getKysely().selectFrom('t').selectAll().stream()) blocks.push(row)
      return blocks
    }
    // Until it is known to be short and runs inline.
    for (let run = 0; run < 60; run++) await db.execute(QUERY)
    const inline = async () => {
      const before = (await db.getConnectionStats()).counters.readsInline
      const { rows } = await db.execute(QUERY)
      expect((await db.getConnectionStats()).counters.readsInline).toBe(before + 1)
      return rows
    }
    const old = [{ id: 1, a: 2 }]
    expect([await inline(), await onReader(), await onThread()]).toEqual([old, old, old])

    const change = 'ALTER TABLE t ADD COLUMN b DEFAULT 3'
    if (by === 'this process') await db.execute(change)
    else await (await holdDatabase(path, 'WAL', change))[Symbol.asyncDispose]()

    const changed = [{ id: 1, a: 2, b: 3 }]
    expect([await inline(), await onReader(), await onThread()]).toEqual([changed, changed, changed])
  },
)
