/** A database's life: opened once for everybody, after a failure again, after a close only when asked. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { runProgram } from './support/run-program.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, active BOOLEAN)'

describe('initialize()', () => {
  test('is shared by concurrent calls and does nothing the second time', async () => {
    const { db } = tempDatabase()
    expect(db.isInitialized()).toBe(false)
    await Promise.all(Array.from({ length: 20 }, () => db.initialize()))
    await db.initialize()
    expect(db.isInitialized()).toBe(true)
    expect((await db.getConnectionStats()).connections.filter(({ label }) => label === 'writer')).toHaveLength(1)
  })

  test('makes the file and its folder', async () => {
    const folder = tempFolder()
    await using db = new NOORMME(join(folder, 'a', 'b', 'app.db'))
    await db.initialize()
    expect(readdirSync(join(folder, 'a', 'b'))).toContain('app.db')
  })

  test('may be called again after it failed', async () => {
    const { db, path } = tempDatabase()
    mkdirSync(path)
    await expect(db.initialize()).rejects.toMatchObject({ code: 'NOORMME_CONNECTION' })
    expect(db.isInitialized()).toBe(false)
    rmSync(path, { recursive: true })
    await db.initialize()
  })

  test('refuses a file that is no database and leaves it as it is', async () => {
    const { db, path } = tempDatabase()
    const text = 'this is a text, and long enough to be taken for the first page of something else entirely'.repeat(20)
    writeFileSync(path, text)
    await expect(db.initialize()).rejects.toMatchObject({ code: 'NOORMME_NOT_A_DATABASE', context: { path } })
    expect(readdirSync(join(path, '..'))).toEqual(['app.db'])
  })

  test('opens again after close(), for repositories and Kysely that were made before as well', async () => {
    const { db } = tempDatabase()
    await db.execute(USERS)
    await db.refreshSchema()
    const users = db.getRepository('users')
    await users.create({ name: 'Mira' })
    await db.close()
    expect(db.isInitialized()).toBe(false)
    await expect(users.findById(1)).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    await expect(db.execute('SELECT 1')).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    await expect(db.getRepository('users').count()).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    await db.initialize()
    expect(await users.findById(1)).toMatchObject({ name: 'Mira' })
    expect(await db.getKysely().selectFrom('users').selectAll().execute()).toHaveLength(1)
  })

  test('after close() in the same breath has the last word', async () => {
    const { db } = tempDatabase()
    const calls = [db.initialize(), db.close(), db.initialize()]
    await Promise.all(calls)
    expect(db.isInitialized()).toBe(true)
    await db.execute('SELECT 1')
  })

  test('does not let a call from a transaction that ended before the close commit by itself', async () => {
    const { db } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    const gate = Promise.withResolvers<void>()
    let late: Promise<unknown> = Promise.resolve()
    await db.transaction(async () => {
      late = gate.promise.then(() => db.execute('INSERT INTO t VALUES (1)'))
    })
    await db.close()
    await db.initialize()
    gate.resolve()
    await expect(late).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
    expect((await db.execute('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 0 }])
  })

  test('called while closing waits for the close and opens again', async () => {
    const { db } = tempDatabase()
    await db.initialize()
    const closed = db.close()
    await db.initialize()
    await closed
    expect(db.isInitialized()).toBe(true)
  })
})

describe('close()', () => {
  test('called before, during and after initialize() leaves nothing open', async () => {
    const { db, folder } = tempDatabase()
    await db.close()
    await expect(db.execute('SELECT 1')).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    const opened = db.initialize()
    await db.close()
    await opened
    expect(db.isInitialized()).toBe(false)
    await Promise.all([db.close(), db.destroy(), db[Symbol.asyncDispose]()])
    expect(readdirSync(folder)).toEqual(['app.db'])
  })

  test('ends a process that has used everything, with one file left', async () => {
    const folder = tempFolder()
    const program = runProgram(
      folder,
      `import { NOORMME } from 'noormme/index.ts'
      const db = new NOORMME(process.argv[2])
      await db.initialize()
      await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
      await db.refreshSchema()
      await db.getRepository('t').createMany(Array.from({ length: 1000 }, (_, v) => ({ v })))
      await db.snapshot((s) => s.execute('SELECT count(*) FROM t'))
      await db.transaction((tx) => tx.getRepository('t').create({ v: 1 }))
      await db.getKysely().selectFrom('t').selectAll().execute()
      db.on('health', () => {})
      await db.healthCheck(); await db.getConnectionStats(); await db.getSQLiteOptimizations()
      await db.getPerformanceMetrics(); await db.getMetricsHistory('seconds')
      await db.close()
      process.stdout.write('closed\\n')`,
      [join(folder, 'app.db')],
    )
    expect(await program.line()).toBe('closed')
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' })
    expect(readdirSync(folder).filter((name) => name.startsWith('app.db'))).toEqual(['app.db'])
  })
})

describe('before initialize()', () => {
  test.each([
    ['a repository', (db: NOORMME) => db.getRepository('users').create({ name: 'Mira' })],
    ['a finder', (db: NOORMME) => db.getRepository<{ id: number; name: string }>('users').findOneByName('Mira')],
    ['Kysely', (db: NOORMME) => db.getKysely().selectFrom('users').selectAll().execute()],
    ['a transaction', (db: NOORMME) => db.transaction((tx) => tx.getRepository('users').count())],
    ['getSchemaInfo()', (db: NOORMME) => db.getSchemaInfo()],
    ['getSQLiteOptimizations()', (db: NOORMME) => db.getSQLiteOptimizations()],
  ])('the first call of %s opens the database', async (_, use) => {
    const { db, path } = tempDatabase()
    await db.execute(USERS)
    await db.close()

    await using other = new NOORMME(path)
    await use(other)
    expect(other.isInitialized()).toBe(true)
  })

  test('an unknown table rejects the call with the nearest names, and awaiting a repository is harmless', async () => {
    const { db, path } = tempDatabase()
    await db.execute(USERS)
    await using other = new NOORMME(path)
    const repository = await other.getRepository('usres')
    await expect(repository.findById(1)).rejects.toMatchObject({
      code: 'NOORMME_TABLE_NOT_FOUND',
      context: { nearest: ['users'] },
    })
    expect(() => other.getRepository('usres')).toThrow(expect.objectContaining({ code: 'NOORMME_TABLE_NOT_FOUND' }))
  })

  test('printing a repository, or turning it into JSON, calls nothing', async () => {
    const { db, folder } = tempDatabase()
    const repository = db.getRepository('users')
    expect(JSON.stringify({ repository })).toBe('{"repository":{}}')
    expect(String(Object.keys(repository))).toBe('')
    expect(readdirSync(folder)).toEqual([])
  })

  test('healthCheck() and getConnectionStats() open nothing', async () => {
    const { db, folder } = tempDatabase()
    expect(await db.healthCheck()).toMatchObject({ healthy: false, status: 'unhealthy' })
    expect(await db.getConnectionStats()).toMatchObject({ status: 'disconnected', connections: [] })
    expect(readdirSync(folder)).toEqual([])
  })
})
