import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS, openTestEngine } from '../../test/support/open-engine.ts'
import { plainExecutor } from '../../test/support/plain-executor.ts'
import type { EngineStats } from '../engine/types.ts'
import { adviseForeignKeyIndexes } from './foreign-key-index.ts'
import { gatherAdviceFacts } from './gather-advice-facts.ts'
import type { Recommendation } from './types.ts'

const SETTINGS = { enableWALMode: true, readers: 4 }

/** Of a database that no engine has open: nothing is known of connections. */
const NO_ENGINE: EngineStats = {
  path: 'app.db',
  sqliteVersion: '',
  pageCacheHitRatio: null,
  native: { loaded: false, reason: 'no engine' },
  connections: [],
  queuedWrites: 0,
  queuedBytes: 0,
  oldestQueuedMs: 0,
  queuedReads: 0,
  walBytes: null,
  log: null,
  cache: null,
  fileGone: null,
  counters: { readsInline: 0, readsInterrupted: 0, readsThreaded: 0, writes: 0, commits: 0, transactions: 0 },
}

type Advise = () => Promise<Recommendation[]>

/** A file made by `sql`, and what is advised for it as it is when asked. */
async function withDatabase<T>(
  sql: string,
  use: (advise: Advise, database: BetterSqlite3.Database) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-advice-'))
  const database = new BetterSqlite3(join(folder, 'app.db'))
  try {
    database.pragma('synchronous = OFF')
    database.exec(sql)
    const executor = plainExecutor(database)
    return await use(
      async () => adviseForeignKeyIndexes(await gatherAdviceFacts(executor, NO_ENGINE, SETTINGS)),
      database,
    )
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

const statementsFor = (sql: string): Promise<(string | undefined)[]> =>
  withDatabase(sql, async (advise) => (await advise()).map((each) => each.sql))

const PARENT = 'CREATE TABLE users(id INTEGER PRIMARY KEY);'

test('a foreign key without an index gets the statement that makes one, and the one that takes it back', async () => {
  await withDatabase(
    `${PARENT} CREATE TABLE orders(id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users)`,
    async (advise, database) => {
      const [recommendation, ...more] = await advise()

      expect(more).toEqual([])
      expect(recommendation).toMatchObject({
        id: 'foreign-key-index',
        severity: 'medium',
        title: 'Create an index on orders (user_id)',
        evidence: { table: 'orders', columns: 'user_id', referencedTable: 'users', referencedColumns: 'id' },
        sql: 'CREATE INDEX "idx_orders_user_id" ON "orders" ("user_id")',
        undo: 'DROP INDEX "idx_orders_user_id"',
      })
      database.exec(recommendation?.sql ?? '')
      expect(await advise()).toEqual([])
      database.exec(recommendation?.undo ?? '')
      expect(await advise()).toEqual([recommendation])
    },
  )
})

test.each([
  ['an index on it', 'a INTEGER REFERENCES users', 'CREATE INDEX i ON t(a)'],
  ['an index that begins with it', 'a INTEGER REFERENCES users, b', 'CREATE INDEX i ON t(a DESC, b)'],
  ['a unique constraint that begins with it', 'a INTEGER REFERENCES users, b, UNIQUE(a, b)', ''],
  ['the primary key that begins with it', 'a INTEGER REFERENCES users, b, PRIMARY KEY(a, b)', ''],
  ['the rowid itself', 'a INTEGER PRIMARY KEY REFERENCES users', ''],
])('a foreign key with %s needs no other', async (_, columns, index) => {
  expect(await statementsFor(`${PARENT} CREATE TABLE t(${columns}); ${index}`)).toEqual([])
})

test('the primary key of a table without rowid counts from its first column on', async () => {
  const table = (key: string) =>
    `${PARENT} CREATE TABLE t(a INTEGER REFERENCES users, b INTEGER, PRIMARY KEY(${key})) WITHOUT ROWID`

  expect(await statementsFor(table('a, b'))).toEqual([])
  expect(await statementsFor(table('b, a'))).toEqual(['CREATE INDEX "idx_t_a" ON "t" ("a")'])
})

test.each([
  ['a partial index', 'CREATE INDEX i ON t(a) WHERE b > 0'],
  ['an index in which it is not first', 'CREATE INDEX i ON t(b, a)'],
  ['an index on an expression of it', 'CREATE INDEX i ON t(a + 0)'],
  ['an index of another collation', 'CREATE INDEX i ON t(a COLLATE NOCASE)'],
])('%s does not serve a foreign key', async (_, index) => {
  const table = 'CREATE TABLE codes(code TEXT PRIMARY KEY); CREATE TABLE t(a TEXT REFERENCES codes, b)'

  expect(await statementsFor(`${table}; ${index}`)).toEqual(['CREATE INDEX "idx_t_a" ON "t" ("a")'])
})

test('an index has the collation of the column that is referred to', async () => {
  const codes = 'CREATE TABLE codes(code TEXT COLLATE NOCASE PRIMARY KEY);'

  expect(await statementsFor(`${codes} CREATE TABLE t(a TEXT REFERENCES codes)`)).toEqual([
    'CREATE INDEX "idx_t_a" ON "t" ("a" COLLATE "NOCASE")',
  ])
})

test('a key of several columns is covered in any order, and by a unique key within it', async () => {
  const table =
    'CREATE TABLE p(a INT, b INT, PRIMARY KEY(a, b)); CREATE TABLE t(x INT, y INT, FOREIGN KEY(x, y) REFERENCES p);'

  expect(await statementsFor(`${table} CREATE INDEX i ON t(y, x)`)).toEqual([])
  expect(await statementsFor(`${table} CREATE UNIQUE INDEX i ON t(y)`)).toEqual([])
  expect(await statementsFor(table)).toEqual(['CREATE INDEX "idx_t_x_y" ON "t" ("x", "y")'])
})

test('an index on a part of the key makes the advice weaker', async () => {
  const table =
    'CREATE TABLE p(a INT, b INT, PRIMARY KEY(a, b)); CREATE TABLE t(x INT, y INT, FOREIGN KEY(x, y) REFERENCES p);'

  await withDatabase(`${table} CREATE INDEX i ON t(x)`, async (advise) => {
    expect(await advise()).toMatchObject([
      { severity: 'low', why: expect.stringContaining('agrees in a part of the key') },
    ])
  })
})

test('one index is advised for two keys that it serves', async () => {
  const sql = `CREATE TABLE p(a INT UNIQUE, b INT, PRIMARY KEY(a, b));
    CREATE TABLE t(x INT REFERENCES p(a), y INT, FOREIGN KEY(x, y) REFERENCES p(a, b))`

  expect(await statementsFor(sql)).toEqual(['CREATE INDEX "idx_t_x_y" ON "t" ("x", "y")'])
})

test('a key that SQLite cannot follow, or whose types keep an index from being used, gets no advice', async () => {
  expect(await statementsFor('CREATE TABLE t(a REFERENCES missing)')).toEqual([])
  expect(await statementsFor(`${PARENT} CREATE TABLE t(a TEXT REFERENCES users)`)).toEqual([])
})

test('names are quoted, and a suggested name is one that is free', async () => {
  const sql = `CREATE TABLE "a ""b"(id INTEGER PRIMARY KEY);
    CREATE TABLE "select"("x y" INTEGER REFERENCES "a ""b", "x_y" INTEGER REFERENCES "a ""b");
    CREATE TABLE IDX_SELECT_X_Y(id); CREATE VIEW "idx_select_x y" AS SELECT 1`

  await withDatabase(sql, async (advise, database) => {
    const statements = (await advise()).map((each) => each.sql)

    expect(statements).toEqual([
      'CREATE INDEX "idx_select_x y_2" ON "select" ("x y")',
      'CREATE INDEX "idx_select_x_y_2" ON "select" ("x_y")',
    ])
    for (const statement of statements) database.exec(statement ?? '')
    expect(await advise()).toEqual([])
  })
})

test('where foreign keys are not enforced, the advice is weaker', async () => {
  const { engine } = await openTestEngine('memory', {
    settings: { ...DEFAULT_SETTINGS, enableWALMode: false, enableForeignKeys: false },
  })
  await engine.execute({ sql: PARENT })
  await engine.execute({ sql: 'CREATE TABLE t(a INTEGER REFERENCES users)' })

  const facts = await gatherAdviceFacts(engine, engine.stats(), SETTINGS)

  expect(adviseForeignKeyIndexes(facts)).toMatchObject([
    { severity: 'low', why: expect.stringContaining('once it is switched on') },
  ])
})

/** SQLite's own plan for deleting a referenced row says whether it would read the whole referring table. */
test('the advice agrees with the plan that SQLite makes, before and after it is followed', async () => {
  const referenced = fc.constantFrom(
    { sql: 'CREATE TABLE p(k INTEGER PRIMARY KEY)', numeric: true },
    { sql: 'CREATE TABLE p(k INT UNIQUE)', numeric: true },
    { sql: 'CREATE TABLE p(k TEXT PRIMARY KEY)', numeric: false },
    { sql: 'CREATE TABLE p(k TEXT COLLATE NOCASE UNIQUE)', numeric: false },
    { sql: 'CREATE TABLE p(k TEXT COLLATE RTRIM PRIMARY KEY) WITHOUT ROWID', numeric: false },
    { sql: 'CREATE TABLE p(k, UNIQUE(k))', numeric: false },
  )
  const column = fc.constantFrom(
    'INTEGER',
    'INTEGER COLLATE NOCASE',
    'TEXT',
    'TEXT COLLATE NOCASE',
    'TEXT COLLATE BINARY',
    'REAL',
    'BLOB',
    '',
  )
  const constraint = fc.constantFrom('', ', UNIQUE(a)', ', UNIQUE(a, b)', ', PRIMARY KEY(a, b)', ', PRIMARY KEY(b, a)')
  const index = fc.constantFrom(
    'CREATE INDEX i1 ON c(a)',
    'CREATE INDEX i2 ON c(a DESC, b)',
    'CREATE INDEX i3 ON c(b, a)',
    'CREATE INDEX i4 ON c(a COLLATE NOCASE)',
    'CREATE INDEX i5 ON c(a COLLATE RTRIM, b)',
    'CREATE INDEX i6 ON c(a) WHERE b IS NOT NULL',
    'CREATE UNIQUE INDEX i7 ON c(a)',
    'CREATE INDEX i8 ON c(lower(a))',
  )
  const scans = (database: BetterSqlite3.Database): boolean =>
    database
      .prepare<[], { detail: string }>('EXPLAIN QUERY PLAN DELETE FROM p WHERE k = 1')
      .all()
      .some(({ detail }) => /^SCAN c\b/.test(detail))

  await fc.assert(
    fc.asyncProperty(
      referenced,
      column,
      constraint,
      fc.uniqueArray(index, { maxLength: 2 }),
      async (parent, type, key, indexes) => {
        const sql = `${parent.sql}; CREATE TABLE c(a ${type} REFERENCES p(k), b INTEGER${key}); ${indexes.join(';')}`
        await withDatabase(sql, async (advise, database) => {
          database.pragma('foreign_keys = ON')
          const statements = (await advise()).map((each) => each.sql)
          const scannedBefore = scans(database)

          for (const statement of statements) database.exec(statement ?? '')
          const scannedAfter = scans(database)

          const hopeless = parent.numeric && !/^(?:INTEGER|REAL)/.test(type)
          // A rowid is compared by the referring column's own collation, which SQLite tells nobody: then an index of
          // any collation counts, so that nothing is advised that is there already.
          const unknown = parent.sql.includes('INTEGER PRIMARY KEY') && type.includes('COLLATE')
          const helped = scannedBefore && !hopeless && !(unknown && statements.length === 0)
          expect(statements.length).toBe(helped ? 1 : 0)
          expect(scannedAfter).toBe(scannedBefore && !helped)
        })
      },
    ),
    { numRuns: 500 },
  )
})
