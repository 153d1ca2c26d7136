/** What endangers SQLite's locks from within the process is noticed, and nothing that noormme does itself is. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readLockHolders } from '../src/sqlite/lock-holders.ts'
import { holdDatabase } from './support/database-holder.ts'
import { runProgram } from './support/run-program.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

const linux = process.platform === 'linux'

/** Opens a database in a process of its own, runs `act` there, and answers with its check of the locks. */
async function lockCheckAfter(act: string): Promise<{ status: string; detail: string }> {
  const folder = tempFolder()
  const program = runProgram(
    folder,
    `import fs from 'node:fs'
    import { DatabaseSync } from 'node:sqlite'
    import { Worker } from 'node:worker_threads'
    import BetterSqlite3 from ${JSON.stringify(import.meta.resolve('better-sqlite3'))}
    import { NOORMME } from 'noormme/index.ts'
    const path = process.argv[2]
    const db = new NOORMME(path)
    await db.execute('CREATE TABLE t (v)')
    ${act}
    const { checks } = await db.healthCheck()
    process.stdout.write(JSON.stringify(checks.find(({ name }) => name === 'locks')) + '\\n')
    process.exit()`,
    [join(folder, 'app.db')],
  )
  return JSON.parse(await program.line())
}

describe.skipIf(!linux)('the check of locks', () => {
  test.each([
    ['a descriptor on the file that node:fs opened', "fs.openSync(path, 'r')", /^1 descriptor is open/],
    ['two descriptors, one on -shm', "fs.openSync(path, 'r'); fs.openSync(path + '-shm', 'r')", /^2 descriptors are/],
    [
      'a descriptor closed again: the lock on the file',
      "fs.closeSync(fs.openSync(path, 'r'))",
      /locks on the file are gone/,
    ],
    [
      'one of -shm closed again: its lock',
      "fs.closeSync(fs.openSync(path + '-shm', 'r'))",
      /locks on its -shm are gone/,
    ],
    ['readFileSync()', 'fs.readFileSync(path)', /locks on the file are gone/],
    [
      'node:sqlite: a second SQLite library',
      "globalThis.other = new DatabaseSync(path); other.prepare('SELECT * FROM t').all()",
      /^2 copies of the SQLite library/,
    ],
  ])('fails for %s', async (_, act, detail) => {
    expect(await lockCheckAfter(act)).toMatchObject({ status: 'fail', detail: expect.stringMatching(detail) })
  })

  test.each([
    ['reading the log, which carries no locks', "fs.readFileSync(path + '-wal')"],
    ['stat', 'fs.statSync(path)'],
    ['another connection of the same library, closed again', "new BetterSqlite3(path).exec('SELECT * FROM t').close()"],
    [
      'readers, snapshots, closing and opening again',
      `await Promise.all(Array.from({ length: 8 }, () => db.snapshot((s) => s.execute('SELECT * FROM t'))))
      await db.close(); await db.initialize()
      await db.getSQLiteOptimizations(); await db.healthCheck(); await db.execute('INSERT INTO t VALUES (1)')`,
    ],
    [
      'a NOORMME in another thread that opens, writes and closes: the library is loaded once a process',
      `const text = \`import('\${new URL('noormme/index.ts', 'file:')}').then(async ({ NOORMME }) => {
        const db = new NOORMME(\${JSON.stringify(path)})
        await db.execute('INSERT INTO t VALUES (2)'); await db.close() })\`
      const thread = new Worker(text, { eval: true })
      await new Promise((resolve, reject) => thread.once('exit', (code) => code === 0 ? resolve() : reject(code)).once('error', reject))
      const { rows } = await db.execute('SELECT v FROM t')
      if (rows.length !== 1) throw new Error('the thread wrote nothing')`,
    ],
  ])('passes for %s', async (_, act) => {
    expect(await lockCheckAfter(act)).toMatchObject({ status: 'pass', detail: 'all locks are held' })
  })
})

describe.skipIf(!linux)('readLockHolders()', () => {
  test('names another process that holds a read transaction, and what it holds', async () => {
    const { db, path } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    await db.execute('INSERT INTO t VALUES (1)')
    expect(readLockHolders(path)).toEqual([])
    await using reader = await holdDatabase(path, 'WAL', 'BEGIN; SELECT * FROM t')
    expect(readLockHolders(path)).toEqual([
      { pid: reader.pid, name: expect.stringContaining('node'), locks: ['read'], readMarks: [expect.any(Number)] },
    ])
    await reader.kill()
    expect(readLockHolders(path)).toEqual([])
  })

  test('names another process that writes', async () => {
    const { db, path } = tempDatabase()
    await db.execute('CREATE TABLE t (v)')
    await using writer = await holdDatabase(path, 'WAL', 'BEGIN IMMEDIATE; INSERT INTO t VALUES (1)')
    expect(readLockHolders(path)).toMatchObject([{ pid: writer.pid, locks: ['write', 'read'] }])
  })

  test('answers nothing for a file without -shm', () => {
    expect(readLockHolders(join(tempFolder(), 'none.db'))).toEqual([])
  })
})
