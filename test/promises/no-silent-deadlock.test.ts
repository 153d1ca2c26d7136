/** The promise "no silent deadlock": what would wait for itself joins, or ends with an error that names where it began. */
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

test('a transaction that is left open is ended at its limit, naming the line that began it', async () => {
  const { db } = tempDatabase({ performance: { transactionTimeout: 40 } })
  await db.execute('CREATE TABLE t (v)')
  const stuck = db.transaction(async (tx) => {
    await tx.execute('INSERT INTO t VALUES (1)')
    await new Promise(() => {})
  })
  await expect(stuck).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT', context: { limitMs: 40 } })
  await expect(stuck).rejects.toThrow(/no-silent-deadlock\.test\.ts:\d+:\d+/)
  expect((await db.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 0 }])
})

test('two that are nested the wrong way round wait for nobody for ever', async () => {
  const { db } = tempDatabase({ performance: { transactionTimeout: 60 } })
  await db.execute('CREATE TABLE t (v)')
  const outcome = db.transaction(() =>
    db.detached(() => db.transaction((tx) => tx.execute('INSERT INTO t VALUES (1)'))),
  )
  await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
  await db.execute('INSERT INTO t VALUES (2)')
})

test('a database opened for the first time inside the transaction of another is its own', async () => {
  const { db } = tempDatabase()
  const { db: other } = tempDatabase()
  await db.transaction(async () => {
    await other.execute('CREATE TABLE t (v)')
    await other.transaction((tx) => tx.execute('INSERT INTO t VALUES (1)'))
  })
  expect((await other.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 1 }])
})

test.each([true, false])(
  'a health check inside a transaction answers and disturbs nothing (WAL: %s)',
  async (enableWALMode) => {
    const { db } = tempDatabase({ optimization: { enableWALMode } })
    await db.execute('CREATE TABLE t (v)')
    await db.transaction(async (tx) => {
      await tx.execute('INSERT INTO t VALUES (1)')
      expect(await db.healthCheck()).toMatchObject({ healthy: true })
    })
    expect((await db.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 1 }])
  },
)
