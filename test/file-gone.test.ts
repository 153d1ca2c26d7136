/** A file that is removed or replaced under a running application: nothing is acknowledged into a file without a name. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { tempDatabase } from './support/temp-database.ts'

/** Another database under the same name, with a log of its own beside it. */
function replace(path: string): void {
  const other = new BetterSqlite3(`${path}.other`)
  other.exec("CREATE TABLE other (v); INSERT INTO other VALUES ('theirs')")
  other.close()
  renameSync(`${path}.other`, path)
}

const GONE: [string, 'removed' | 'replaced', 'the file' | 'its log (-wal)', (path: string) => void][] = [
  ['the file is removed', 'removed', 'the file', (path) => rmSync(path)],
  ['the file is renamed', 'removed', 'the file', (path) => renameSync(path, `${path}.aside`)],
  ['another file is put in its place', 'replaced', 'the file', replace],
  ['its log is removed', 'removed', 'its log (-wal)', (path) => rmSync(`${path}-wal`)],
  [
    'another log is put in its place',
    'replaced',
    'its log (-wal)',
    (path) => {
      writeFileSync(`${path}-wal.other`, 'foreign')
      renameSync(`${path}-wal.other`, `${path}-wal`)
    },
  ],
]

describe.each(GONE)('when %s, without the check before COMMIT writes would vanish:', (_, how, what, act) => {
  test('every kind of write is refused and health fails, reads go on', async () => {
    const { db, path } = tempDatabase()
    await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
    await db.execute('INSERT INTO t (v) VALUES (1)')
    await db.execute('SELECT v FROM t')
    act(path)

    const gone = { code: 'NOORMME_FILE_GONE', retryable: false, context: { path, how, what } }
    const insert = 'INSERT INTO t (v) VALUES (2)'
    await expect(db.execute(insert)).rejects.toMatchObject(gone)
    await expect(db.batch([{ sql: insert }])).rejects.toMatchObject(gone)
    await expect(db.transaction((tx) => tx.execute(insert))).rejects.toMatchObject(gone)
    await expect(db.execute('VACUUM')).rejects.toMatchObject(gone)
    expect((await db.execute('SELECT v FROM t')).rows).toEqual([{ v: 1 }])

    const { healthy, checks } = await db.healthCheck()
    expect(healthy).toBe(false)
    expect(checks.find(({ name }) => name === 'file')).toMatchObject({ status: 'fail' })
    await db.close()
  })
})

describe('the file', () => {
  test('put back is written to again', async () => {
    const { db, path } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    renameSync(path, `${path}.aside`)
    await expect(db.execute('INSERT INTO t VALUES (1)')).rejects.toMatchObject({ code: 'NOORMME_FILE_GONE' })
    renameSync(`${path}.aside`, path)
    await db.execute('INSERT INTO t VALUES (2)')
    expect((await db.healthCheck()).status).not.toBe('unhealthy')
    await db.close()
    await db.initialize()
    expect((await db.execute('SELECT v FROM t')).rows).toEqual([{ v: 2 }])
  })

  test('removed during a transaction rolls it back at its commit', async () => {
    const { db, path } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    const outcome = db.transaction(async (tx) => {
      await tx.execute('INSERT INTO t VALUES (1)')
      renameSync(path, `${path}.aside`)
    })
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_FILE_GONE' })
    renameSync(`${path}.aside`, path)
    expect((await db.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 0 }])
  })

  test('that replaced another is left alone by close(), with its log, and opened by initialize()', async () => {
    const { db, path, folder } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    for (const name of ['', '-wal', '-shm']) if (existsSync(path + name)) rmSync(path + name)
    replace(path)
    writeFileSync(`${path}-wal`, 'a log of theirs')
    const before = readFileSync(path)

    await db.close()
    expect(readFileSync(path)).toEqual(before)
    expect(readFileSync(`${path}-wal`, 'utf8')).toBe('a log of theirs')
    expect(readdirSync(folder).sort()).toEqual(['app.db', 'app.db-wal'])

    await db.initialize()
    expect((await db.execute('SELECT v FROM other')).rows).toEqual([{ v: 'theirs' }])
  })

  test('in its place is not read by a thread that starts later, beside threads that read the old one', async () => {
    const { db, path } = tempDatabase({ performance: { inlineReadBudget: 0 } })
    await db.execute('CREATE TABLE t (v)')
    // Holds the thread that there is.
    await db.snapshot(async (old) => {
      await old.execute('SELECT * FROM t')
      replace(path)
      const started = db.detached(() => db.snapshot((s) => s.execute('SELECT * FROM other')))
      await expect(started).rejects.toMatchObject({ code: 'NOORMME_FILE_GONE' })
    })
  })

  test('without WAL is watched as well', async () => {
    const { db, path } = tempDatabase({ optimization: { enableWALMode: false } })
    await db.execute('CREATE TABLE t (v)')
    rmSync(path)
    await expect(db.execute('INSERT INTO t VALUES (1)')).rejects.toMatchObject({ code: 'NOORMME_FILE_GONE' })
    await db.close()
    expect(existsSync(path)).toBe(false)
  })
})
