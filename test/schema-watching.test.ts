/** The schema is watched: what other programs alter is noticed, said exactly, once, and followed. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { ErrorEvent, NOORMME, SchemaChange, SchemaChangeEvent } from 'noormme'
import { expect, onTestFinished, test } from 'vitest'
import { holdDatabase } from './support/database-holder.ts'
import { runProgram } from './support/run-program.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

const OFTEN = { interval: 10 }
type Config = Parameters<typeof tempDatabase>[0]

async function watched(config: Config = {}): Promise<{ db: NOORMME; path: string; told: SchemaChangeEvent[] }> {
  const { db, path } = tempDatabase({ optimization: { synchronous: 'OFF' }, ...config })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
  const told: SchemaChangeEvent[] = []
  db.on('schemaChange', (event) => told.push(event))
  await db.startSchemaWatching(OFTEN)
  return { db, path, told }
}

/** Runs `sql` in another connection that noormme knows nothing of. */
function outside(path: string, sql: string): void {
  const other = new Database(path)
  other.exec(sql)
  other.close()
}

const details = (told: readonly SchemaChangeEvent[]): string[][] =>
  told.map(({ changes }) => changes.map((change) => change.details))

test('what another process alters is noticed and told, and repositories follow', async () => {
  const { db, path, told } = await watched()
  const users = db.getRepository('users')
  await users.create({ name: 'Mira' })

  await using _other = await holdDatabase(
    path,
    'WAL',
    'BEGIN; ALTER TABLE users ADD COLUMN bio TEXT; CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id REFERENCES users); COMMIT',
  )

  await expect.poll(() => told).toHaveLength(1)
  expect(details(told)).toEqual([['table "posts" was added', 'column "bio" of "users" was added']])
  expect(told[0]?.schema).toBe(await db.getSchemaInfo())
  expect(await users.findById(1)).toEqual({ id: 1, name: 'Mira', bio: null })
  expect(await db.getRepository('posts').count()).toBe(0)
})

test.each(['DELETE', 'memory'])('is watched without WAL as well (%s)', async (kind) => {
  if (kind === 'DELETE') {
    const { path, told } = await watched({ optimization: { enableWALMode: false, synchronous: 'OFF' } })
    outside(path, 'CREATE INDEX users_name ON users (name)')
    await expect.poll(() => details(told)).toEqual([['index "users_name" of "users" was added']])
    return
  }
  const { NOORMME: Noormme } = await import('noormme')
  await using db = new Noormme(':memory:')
  const told: SchemaChangeEvent[] = []
  db.on('schemaChange', (event) => told.push(event))
  await db.startSchemaWatching(OFTEN)
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)')
  expect(details(told)).toEqual([['table "users" was added']])
})

test('what this database alters is told at once, and once, watched or not', async () => {
  const { db, path, told } = await watched()

  await db.execute('ALTER TABLE users ADD COLUMN bio TEXT')
  await db.execute('CREATE TABLE IF NOT EXISTS users (id)')
  await db.execute('VACUUM')
  await db.execute('ANALYZE')
  db.stopSchemaWatching()
  await db.execute('CREATE VIEW names AS SELECT name FROM users')
  const own = [['column "bio" of "users" was added'], ['view "names" was added']]
  expect(details(told)).toEqual(own)

  // A mark from outside: when it has been told, whatever was there before it has been too.
  await db.startSchemaWatching(OFTEN)
  outside(path, 'DROP VIEW names')
  await expect.poll(() => details(told)).toEqual([...own, ['view "names" was removed']])
})

test('a listener of onSchemaChange gets the changes until it is ended', async () => {
  const { db } = await watched()
  const told: SchemaChange[] = []
  const off = db.onSchemaChange((changes) => told.push(...changes))

  await db.execute('CREATE TABLE a (id)')
  off()
  await db.execute('CREATE TABLE b (id)')

  expect(told).toMatchObject([{ type: 'table_added', table: 'a', name: 'a', after: { name: 'a', kind: 'table' } }])
})

test('after stopSchemaWatching() nothing is asked any more, and refreshSchema() tells what was missed', async () => {
  const { db, path, told } = await watched()
  db.stopSchemaWatching()
  // Whatever was being asked has been answered by then.
  await db.execute('SELECT 1')
  const { readsInline } = (await db.getConnectionStats()).counters

  outside(path, 'CREATE TABLE posts (id)')
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 2 * OFTEN.interval))
  expect((await db.getConnectionStats()).counters.readsInline).toBe(readsInline)
  expect(told).toEqual([])

  await db.refreshSchema()
  expect(details(told)).toEqual([['table "posts" was added']])
})

test('close() ends it, and what changed until the next opening is told then', async () => {
  const { db, path, told } = await watched()

  await db.close()
  outside(path, 'ALTER TABLE users RENAME COLUMN name TO full_name')
  await db.initialize()

  expect(details(told)).toEqual([['column "name" of "users" was removed', 'column "full_name" of "users" was added']])
})

test('a schema that cannot be read is told to error, and watched on', async () => {
  const { db, path, told } = await watched({
    optimization: { enableWALMode: false, synchronous: 'OFF', busyTimeout: 0 },
  })
  const errors: ErrorEvent[] = []
  db.on('error', (event) => errors.push(event))
  const other = new Database(path)
  onTestFinished(() => void other.close())

  other.exec('BEGIN EXCLUSIVE')
  await expect.poll(() => errors.length).toBeGreaterThan(1)
  expect(errors[0]).toMatchObject({ source: 'schemaWatching', error: { code: 'NOORMME_BUSY' } })
  other.exec('CREATE TABLE posts (id); COMMIT')

  await expect.poll(() => details(told)).toEqual([['table "posts" was added']])
})

test('a watched database does not keep its process alive', async () => {
  const folder = tempFolder()
  const program = runProgram(
    folder,
    `
    import { NOORMME } from 'noormme/index.ts'
    const db = new NOORMME(process.argv[2])
    await db.startSchemaWatching({ interval: 10 })
    db.on('schemaChange', () => console.log('told'))
    await db.execute('CREATE TABLE t (id)')`,
    [join(folder, 'app.db')],
  )

  expect(await program.line()).toBe('told')
  expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' })
})

test.each([
  [{ intervall: 5 }, /has no option "intervall"\. Did you mean "interval"\?/],
  [{ enabled: true }, /has no option "enabled"\./],
  [{ interval: 9 }, /from 10 to 86400000/],
  [{ interval: 86_400_001 }, /from 10 to/],
  [{ interval: 10.5 }, /whole milliseconds/],
  [{ interval: '1000' }, /whole milliseconds/],
  [null, /an object of options/],
])('startSchemaWatching(%j) is refused', async (options, message) => {
  const { db } = tempDatabase()

  await expect(Reflect.apply(db.startSchemaWatching, db, [options])).rejects.toThrow(message)
  expect(db.isInitialized()).toBe(false)
})

test('it is begun inside a transaction and goes on after it', async () => {
  const { db, path, told } = await watched()
  db.stopSchemaWatching()

  await db.transaction(() => db.startSchemaWatching(OFTEN))
  outside(path, 'CREATE TABLE posts (id)')

  await expect.poll(() => details(told)).toEqual([['table "posts" was added']])
})
