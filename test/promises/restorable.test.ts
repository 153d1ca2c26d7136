/** The promise "restorable": a backup is called one only after it has been opened and checked. */
import { closeSync, openSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'

async function opened(backup: object = {}) {
  const folder = tempFolder()
  const directory = join(folder, 'backups')
  const path = join(folder, 'app.db')
  const db = new NOORMME({ connection: { database: path }, backup: { target: directory, schedule: false, ...backup } })
  onTestFinished(() => db.close())
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT)')
  await db.execute('CREATE INDEX works_by_title ON works (title)')
  await db.execute(`WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 20000)
    INSERT INTO works (title) SELECT 'work ' || n FROM i`)
  return { db, path, directory }
}

test('a copy of a damaged database is not called a backup', async () => {
  const { db, path, directory } = await opened()
  await db.close()
  // Somebody writes into the middle of the file: pages of the table are no longer what the index says.
  const descriptor = openSync(path, 'r+')
  for (let at = 8 * 4096; at < 40 * 4096; at += 4096) writeSync(descriptor, Buffer.alloc(64, 0xff), 0, 64, at + 2000)
  closeSync(descriptor)
  await db.initialize()

  await expect(db.backups.create()).rejects.toMatchObject({ code: 'NOORMME_CORRUPT' })

  expect(await db.backups.list()).toEqual([])
  expect(readdirSync(join(directory, '.partial'))).toEqual([])
  expect((await db.backups.status()).error).toMatchObject({ code: 'NOORMME_CORRUPT' })
})

test('what is restored has every row that was acknowledged before the backup was begun, and whole transactions only', async () => {
  const { db, directory } = await opened()
  await db.execute('CREATE TABLE pairs (id INTEGER PRIMARY KEY, side TEXT)')
  let acknowledged = 0
  const pair = async (): Promise<void> => {
    await db.batch(
      ['left', 'right'].map((side) => ({ sql: 'INSERT INTO pairs (side) VALUES (?)', parameters: [side] })),
    )
    acknowledged++
  }
  for (let n = 0; n < 20; n++) await pair()
  const before = acknowledged
  let running = true
  const made = db.backups.create().finally(() => {
    running = false
  })
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (running) await pair()
    }),
  )
  await made

  const to = join(directory, '..', 'restored.db')
  await db.backups.restore({ to })
  await using restored = new NOORMME(to)
  const { rows } = await restored.execute<{ side: string; n: number }>(
    'SELECT side, count(*) AS n FROM pairs GROUP BY side ORDER BY side',
  )
  expect(rows[0]?.n).toBe(rows[1]?.n)
  expect(rows[0]?.n).toBeGreaterThanOrEqual(before)
  expect(await restored.integrityCheck()).toEqual({ ok: true, problems: [] })
})
