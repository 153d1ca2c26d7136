/** Faults that data layers have shipped with. Each has a name here, so that it stays out. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { runProgram } from './support/run-program.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

describe('does not happen here:', () => {
  test('a repository used inside a transaction that hangs', async () => {
    const { db } = tempDatabase()
    await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
    await db.refreshSchema()
    const users = db.getRepository('users')
    await db
      .transaction(async (tx) => {
        await users.create({ name: 'outer object' })
        await tx.getRepository('users').create({ name: 'own object' })
        await tx.getKysely().insertInto('users').values({ name: 'own Kysely' }).execute()
        await db.getKysely().insertInto('users').values({ name: 'outer Kysely' }).execute()
        await tx.transaction((inner) => inner.getRepository('users').create({ name: 'nested' }))
        expect(await users.count()).toBe(5)
        throw new Error('undo')
      })
      .catch(() => {})
    expect(await users.count()).toBe(0)
  })

  test('a composite key cut to its first column, so that a delete removes too much', async () => {
    const { db } = tempDatabase()
    await db.execute('CREATE TABLE user_roles (user_id INTEGER, role_id INTEGER, PRIMARY KEY (user_id, role_id))')
    await db.refreshSchema()
    const roles = db.getRepository<{ user_id: number; role_id: number }>('user_roles')
    await roles.createMany([1, 2, 3].map((role_id) => ({ user_id: 1, role_id })))
    await expect(roles.delete(1)).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    await expect(roles.delete({ user_id: 1 })).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
    expect(await roles.delete({ user_id: 1, role_id: 2 })).toBe(true)
    expect(await roles.count()).toBe(2)
  })

  test('a BLOB turned into JSON', async () => {
    const { db } = tempDatabase()
    await db.execute('CREATE TABLE files (id INTEGER PRIMARY KEY, content BLOB)')
    await db.refreshSchema()
    const content = Buffer.from([123, 34, 0, 255])
    const stored = await db.getRepository('files').create({ content })
    expect(stored.content).toEqual(new Uint8Array(content))
  })

  test('errors swallowed into an empty schema', async () => {
    const { db, path } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    await db.execute('CREATE INDEX i ON t (lower(v))')
    await db.close()
    const other = new NOORMME(path)
    await other.initialize()
    // The schema table itself is damaged, as by a bad disk: reading it fails, and so must initialize().
    await other.close()
    const bytes = readFileSync(path)
    bytes.write('CREATE GARBAGE', bytes.indexOf('CREATE TABLE t'), 'latin1')
    const folder = tempFolder()
    const damaged = `${folder}/damaged.db`
    writeFileSync(damaged, bytes)
    const broken = new NOORMME(damaged)
    await expect(broken.initialize()).rejects.toMatchObject({ code: expect.stringMatching(/^NOORMME_/) })
    expect(broken.isInitialized()).toBe(false)
    await broken.close()
  })

  test('looking that acts: PRAGMA wal_checkpoint is refused as a statement', async () => {
    const { db } = tempDatabase()
    await expect(db.execute('PRAGMA wal_checkpoint')).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
    await expect(db.execute('PRAGMA wal_checkpoint(TRUNCATE)')).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
  })

  test('acknowledged commits that wait in memory: the default is synchronous FULL', async () => {
    const { db } = tempDatabase()
    await db.initialize()
    const { connections } = await db.getConnectionStats()
    expect(connections.length).toBeGreaterThanOrEqual(2)
    for (const { pragmas } of connections) expect(pragmas?.synchronous).toBe('FULL')
  })

  test('recommendations that apply themselves', async () => {
    const { db, path } = tempDatabase({ optimization: { synchronous: 'NORMAL' } })
    await db.execute('CREATE TABLE p (id INTEGER PRIMARY KEY)')
    await db.execute('CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id))')
    const state = async () => ({
      schema: (await db.execute('SELECT sql FROM sqlite_schema')).rows,
      version: (await db.execute('PRAGMA schema_version')).rows,
      data: (await db.execute('PRAGMA data_version')).rows,
      wal: readFileSync(`${path}-wal`).length,
    })
    const before = await state()
    const { recommendations } = await db.getSQLiteOptimizations()
    expect(recommendations.length).toBeGreaterThan(0)
    expect(await state()).toEqual(before)
  })

  test('statistics that nobody feeds: commits are those that stand in the log, reads those that were made', async () => {
    const { db, path } = tempDatabase()
    await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
    for (let v = 0; v < 10; v++) await db.execute('INSERT INTO t (v) VALUES (?)', [v])
    await Promise.all(Array.from({ length: 100 }, (_, v) => db.execute('INSERT INTO t (v) VALUES (?)', [v])))
    await db.batch([{ sql: 'INSERT INTO t (v) VALUES (1)' }, { sql: 'INSERT INTO t (v) VALUES (2)' }])
    await db.transaction((tx) => tx.execute('DELETE FROM t WHERE id = 1'))
    await db.transaction(async () => Promise.reject(new Error('undo'))).catch(() => {})

    const before = (await db.getConnectionStats()).counters
    expect(before).toMatchObject({ commits: commitsInLog(path), transactions: 2 })
    expect(before?.writes).toBe(1 + 10 + 100 + 1)
    for (let read = 0; read < 20; read++) await db.execute('SELECT count(*) FROM t')
    const after = (await db.getConnectionStats()).counters
    const reads = (counters = after) => (counters?.readsInline ?? 0) + (counters?.readsThreaded ?? 0)
    expect(reads() - reads(before)).toBe(20)
  })

  test('a migration that is reported and then undone with the transaction around it', async () => {
    const { db, folder } = tempDatabase()
    writeFileSync(`${folder}/0001_t.sql`, 'CREATE TABLE t (v);')
    await db.transaction(async () => {
      await expect(db.migrate(folder)).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
    })
    expect((await db.migrate(folder)).applied).toHaveLength(1)
    expect(await db.getRepository('t').count()).toBe(0)
  })

  test('a process that never exits, and files left behind', async () => {
    const folder = tempFolder()
    const program = runProgram(
      folder,
      `import { NOORMME } from 'noormme/index.ts'
      const db = new NOORMME(process.argv[2])
      await db.initialize()
      await db.close()`,
      [`${folder}/app.db`],
    )
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' })
    expect(readdirSync(folder).filter((name) => name.startsWith('app'))).toEqual(['app.db'])
  })

  test('memory or work that grows with the queue: 20,000 writes at once share commits as 1,000 do', async () => {
    const { db } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    const kysely = db.getKysely()
    const commits = async (count: number): Promise<number> => {
      const before = (await db.getConnectionStats()).counters?.commits ?? 0
      await Promise.all(Array.from({ length: count }, (_, v) => kysely.insertInto('t').values({ v }).execute()))
      return ((await db.getConnectionStats()).counters?.commits ?? 0) - before
    }
    // At least a few dozen writes share each commit, however many wait: a group ends by size or by 5 ms of work.
    expect(await commits(20_000)).toBeLessThan(20_000 / 16)
    expect((await db.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 20_000 }])
  })
})

/** Commit records in the log: frames whose header holds the size of the database (https://sqlite.org/fileformat.html#walformat). */
function commitsInLog(path: string): number {
  const log = readFileSync(`${path}-wal`)
  const pageSize = log.readUInt32BE(8)
  const salts = log.subarray(16, 24)
  let commits = 0
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize) {
    const current = log.subarray(at + 8, at + 16).equals(salts)
    if (current && log.readUInt32BE(at + 4) > 0) commits++
  }
  return commits
}
