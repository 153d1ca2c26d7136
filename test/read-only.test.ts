/** Files and folders that this user may not write: reads work where SQLite can do them, writes are one typed error. */
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runProgram } from './support/run-program.ts'
import { tempFolder } from './support/temp-folder.ts'

interface Case {
  readonly what: string
  readonly mode: 'wal' | 'delete'
  readonly file: number
  readonly folder: number
  /** Another process has it open, so that its log and index are there. */
  readonly live?: boolean
  readonly config?: object
  readonly opened: unknown
  readonly read: unknown
  readonly written: unknown
  readonly left?: readonly string[]
}

const WRITABLE = { file: 0o666, folder: 0o777 }
const ALONE = ['app.db']
const REFUSED = 'NOORMME_READ_ONLY'

const CASES: readonly Case[] = [
  {
    what: 'a read-only file in WAL mode; its log and index stay, because SQLite removes them only with its last writer',
    mode: 'wal',
    ...WRITABLE,
    file: 0o444,
    opened: 'wal',
    read: 1,
    written: REFUSED,
    left: ['app.db', 'app.db-shm', 'app.db-wal'],
  },
  {
    what: 'a read-only file in DELETE mode: WAL gives way',
    mode: 'delete',
    ...WRITABLE,
    file: 0o444,
    opened: 'delete',
    read: 1,
    written: REFUSED,
    left: ALONE,
  },
  {
    what: 'a read-only file in DELETE mode, where WAL was written down: an error',
    mode: 'delete',
    ...WRITABLE,
    file: 0o444,
    config: { enableWALMode: true },
    opened: REFUSED,
    read: REFUSED,
    written: REFUSED,
    left: ALONE,
  },
  {
    what: 'a read-only folder, DELETE mode: the journal cannot be made',
    mode: 'delete',
    ...WRITABLE,
    folder: 0o555,
    opened: 'delete',
    read: 1,
    written: REFUSED,
    left: ALONE,
  },
  {
    what: 'a read-only folder, WAL mode: the log cannot be made, so not even reads can be done safely',
    mode: 'wal',
    ...WRITABLE,
    folder: 0o555,
    opened: REFUSED,
    read: REFUSED,
    written: REFUSED,
    left: ALONE,
  },
  {
    what: 'a read-only folder, WAL mode, log and index there: everything works',
    mode: 'wal',
    ...WRITABLE,
    folder: 0o555,
    live: true,
    opened: 'wal',
    read: 1,
    written: 'written',
  },
]

const PROGRAM = `import { NOORMME } from 'noormme/index.ts'
const [path, optimization] = process.argv.slice(2)
if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
const db = new NOORMME({ connection: { database: path }, optimization: JSON.parse(optimization) })
const outcome = (work) => work.catch(({ code }) => code)
const opened = await outcome(db.execute('PRAGMA journal_mode').then(({ rows }) => rows[0].journal_mode))
const read = await outcome(db.execute('SELECT count(*) AS n FROM t').then(({ rows }) => rows[0].n))
const written = await outcome(db.execute('INSERT INTO t VALUES (2)').then(() => 'written'))
await db.close()
process.stdout.write(JSON.stringify({ opened, read, written }) + '\\n')`

describe.skipIf(process.platform === 'win32')('for a user who may not write', () => {
  test.each(CASES)('$what', async ({ mode, file, folder, live = false, config = {}, opened, read, written, left }) => {
    const root = tempFolder()
    const place = join(root, 'data')
    const path = join(place, 'app.db')
    mkdirSync(place)
    chmodSync(root, 0o755)
    const database = new Database(path)
    onTestFinished(() => {
      database.close()
      chmodSync(place, 0o777)
    })
    database.pragma(`journal_mode = ${mode}`)
    database.exec('CREATE TABLE t (v); INSERT INTO t VALUES (1)')
    if (!live) database.close()
    for (const name of readdirSync(place)) chmodSync(join(place, name), file)
    chmodSync(place, folder)

    const program = runProgram(root, PROGRAM, [path, JSON.stringify(config)])

    expect(JSON.parse(await program.line())).toEqual({ opened, read, written })
    expect((await program.ended).code).toBe(0)
    if (left !== undefined) expect(readdirSync(place).sort()).toEqual(left)
  })
})
