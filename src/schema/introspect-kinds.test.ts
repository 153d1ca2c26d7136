import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { plainExecutor } from '../../test/support/plain-executor.ts'
import { schemaOf, tableNamed, tableOf } from '../../test/support/schema-of.ts'
import { introspect } from './introspect.ts'
import { quoteIdentifier } from './naming.ts'

const names = (items: readonly { readonly name: string | null }[]) => items.map(({ name }) => name)

describe('names', () => {
  const nasty = [
    'order-items',
    'größe',
    'select',
    '2fa',
    'say "hi"',
    "it's",
    'two\nlines',
    'a b',
    ' ',
    'MixedCase',
    '__proto__',
    'constructor',
    'a.b',
    '[x]',
    '`y`',
    'semi;colon',
    '--',
    '%s',
    '🦫',
    '',
  ]

  test.each(nasty)('%j works as table, column, index, trigger and target of a key', async (name) => {
    const q = quoteIdentifier(name)
    const { tables } = await schemaOf(`
      CREATE TABLE ${q}(${q} TEXT PRIMARY KEY, other REFERENCES ${q}(${q}));
      CREATE INDEX ${quoteIdentifier(`${name}_index`)} ON ${q}(${q} DESC);
      CREATE TRIGGER ${quoteIdentifier(`${name}_trigger`)} AFTER INSERT ON ${q} BEGIN SELECT 1; END`)

    expect(tables).toHaveLength(1)
    expect(tables[0]).toMatchObject({
      name,
      primaryKey: [name],
      foreignKeys: [{ columns: ['other'], referencedTable: name, referencedColumns: [name] }],
      triggers: [{ name: `${name}_trigger`, sql: expect.stringContaining('CREATE TRIGGER') }],
    })
    expect(names(tables[0]?.columns ?? [])).toEqual([name, 'other'])
    expect(tables[0]?.indexes.find(({ origin }) => origin === 'c')).toMatchObject({
      name: `${name}_index`,
      columns: [{ name, descending: true }],
    })
    expect(tables[0]?.sql).toContain(q)
  })
})

describe('indexes', () => {
  test('unique, partial, expression, descending and collated indexes keep what makes them so', async () => {
    const sql = {
      i_expression: 'CREATE INDEX i_expression ON t(lower(a), b)',
      i_order: 'CREATE INDEX i_order ON t(b DESC, a COLLATE NOCASE)',
      i_partial: 'CREATE UNIQUE INDEX i_partial ON t(a) WHERE b IS NOT NULL',
    }
    const { indexes } = await tableOf(
      `CREATE TABLE t(a TEXT COLLATE RTRIM, b INTEGER, c UNIQUE); ${Object.values(sql).join(';')}`,
    )

    expect(indexes).toEqual([
      {
        name: 'i_expression',
        unique: false,
        origin: 'c',
        partial: false,
        sql: sql.i_expression,
        columns: [
          { name: null, descending: false, collation: 'BINARY' },
          { name: 'b', descending: false, collation: 'BINARY' },
        ],
      },
      {
        name: 'i_order',
        unique: false,
        origin: 'c',
        partial: false,
        sql: sql.i_order,
        columns: [
          { name: 'b', descending: true, collation: 'BINARY' },
          { name: 'a', descending: false, collation: 'NOCASE' },
        ],
      },
      {
        name: 'i_partial',
        unique: true,
        origin: 'c',
        partial: true,
        sql: sql.i_partial,
        columns: [{ name: 'a', descending: false, collation: 'RTRIM' }],
      },
      {
        name: 'sqlite_autoindex_t_1',
        unique: true,
        origin: 'u',
        partial: false,
        sql: null,
        columns: [{ name: 'c', descending: false, collation: 'BINARY' }],
      },
    ])
  })

  test('the index of a WITHOUT ROWID table names the key alone, not the columns it carries along', async () => {
    const { indexes } = await tableOf('CREATE TABLE t(a, b, c, PRIMARY KEY(b, a)) WITHOUT ROWID')

    expect(indexes).toMatchObject([{ origin: 'pk', columns: [{ name: 'b' }, { name: 'a' }] }])
  })
})

describe('views, virtual tables, triggers', () => {
  test('a view has the columns and types of what it shows', async () => {
    const view = tableNamed(
      await schemaOf(
        'CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL); CREATE VIEW v AS SELECT a, id + 1 AS next FROM t',
      ),
      'v',
    )

    expect(view).toMatchObject({
      kind: 'view',
      module: null,
      primaryKey: [],
      rowidColumn: null,
      foreignKeys: [],
      indexes: [],
    })
    expect(view.columns.map(({ name, type }) => [name, type])).toEqual([
      ['a', 'TEXT'],
      ['next', ''],
    ])
    expect(view.sql).toBe('CREATE VIEW v AS SELECT a, id + 1 AS next FROM t')
  })

  test('views that cannot be read are listed without columns and hide nothing else', async () => {
    const { tables } = await schemaOf(`
      CREATE TABLE t(a); CREATE VIEW dangling AS SELECT * FROM gone; CREATE VIEW wrong AS SELECT nope FROM t;
      CREATE VIEW x AS SELECT * FROM y; CREATE VIEW y AS SELECT * FROM x; CREATE VIEW f AS SELECT no_such_function(a) FROM t`)

    expect(tables.map(({ name, kind, columns }) => [name, kind, names(columns)])).toEqual([
      ['dangling', 'view', []],
      ['f', 'view', []],
      ['t', 'table', ['a']],
      ['wrong', 'view', []],
      ['x', 'view', []],
      ['y', 'view', []],
    ])
  })

  test('full-text tables keep their hidden columns and hide their shadow tables, with content elsewhere too', async () => {
    const { tables } = await schemaOf(`
      CREATE TABLE docs(id INTEGER PRIMARY KEY, title, body);
      CREATE VIRTUAL TABLE IF NOT EXISTS main . "the search" using
        /* of docs */ FTS5(title, body, content = 'docs', content_rowid = 'id');
      CREATE VIRTUAL TABLE plain USING "fts5"(x); CREATE VIRTUAL TABLE old USING [fts4](x)`)

    expect(tables.map(({ name, kind, module }) => [name, kind, module])).toEqual([
      ['docs', 'table', null],
      ['old', 'virtual', 'fts4'],
      ['plain', 'virtual', 'fts5'],
      ['the search', 'virtual', 'fts5'],
    ])
    expect(tables[3]?.columns.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['title', false],
      ['body', false],
      ['the search', true],
      ['rank', true],
    ])
  })

  test('an R-tree is a virtual table without shadow tables', async () => {
    const table = await tableOf('CREATE VIRTUAL TABLE boxes USING rtree(id, min_x, max_x, +label TEXT)')

    expect(table).toMatchObject({ kind: 'virtual', module: 'rtree', primaryKey: [], rowidColumn: null })
    expect(names(table.columns)).toEqual(['id', 'min_x', 'max_x', 'label'])
  })

  test('a virtual table whose module is not loaded is listed without columns', async () => {
    const sql = 'CREATE VIRTUAL TABLE far USING remote(x)'
    const database = new Database(':memory:')
    database.exec('CREATE TABLE t(a)')
    database.unsafeMode().pragma('writable_schema = ON')
    database.prepare("INSERT INTO sqlite_schema VALUES ('table', 'far', 'far', 0, ?)").run(sql)
    const file = database.serialize()
    database.close()

    const reopened = new Database(file)
    const { tables } = await introspect(plainExecutor(reopened))
    reopened.close()

    expect(tables).toMatchObject([
      { name: 'far', kind: 'virtual', module: 'remote', columns: [], sql },
      { name: 't', kind: 'table' },
    ])
  })

  test('triggers belong to their table whatever case they name it in, to views too', async () => {
    const schema = await schemaOf(`
      CREATE TABLE "Users"(a); CREATE VIEW v AS SELECT a FROM "Users";
      CREATE TRIGGER b AFTER INSERT ON users BEGIN SELECT 1; END; CREATE TRIGGER a BEFORE DELETE ON USERS BEGIN SELECT 1; END;
      CREATE TRIGGER c INSTEAD OF INSERT ON V BEGIN SELECT 1; END`)

    expect(tableNamed(schema, 'Users').triggers.map((trigger) => trigger.name)).toEqual(['a', 'b'])
    expect(tableNamed(schema, 'v').triggers.map((trigger) => trigger.name)).toEqual(['c'])
  })
})

describe('tables of other tools', () => {
  test.each([
    ['drizzle', 'CREATE TABLE "__drizzle_migrations" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)'],
    ['prisma', 'CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL)'],
    ['prisma', 'CREATE TABLE _prisma_marker(space PRIMARY KEY)'],
    ['prisma', 'CREATE TABLE _prisma_ledger(id)'],
    ['kysely', 'CREATE TABLE kysely_migration(name, timestamp)'],
    ['kysely', 'CREATE TABLE kysely_migration_lock(id, is_locked)'],
    ['knex', 'CREATE TABLE knex_migrations(id, name, batch, migration_time)'],
    ['knex', 'CREATE TABLE knex_migrations_lock("index", is_locked)'],
    ['typeorm', 'CREATE TABLE migrations(id INTEGER PRIMARY KEY, timestamp bigint, name varchar)'],
    ['typeorm', 'CREATE TABLE typeorm_metadata(type)'],
    ['mikro-orm', 'CREATE TABLE mikro_orm_migrations(id, name, executed_at)'],
    ['sequelize', 'CREATE TABLE SequelizeMeta(name PRIMARY KEY)'],
    ['d1', 'CREATE TABLE d1_migrations(id, name, applied_at)'],
    ['litestream', 'CREATE TABLE _litestream_seq(id, seq)'],
    ['cloudflare', 'CREATE TABLE _cf_KV(key, value)'],
    ['libsql', 'CREATE TABLE libsql_wasm_func_table(name)'],
    ['turso', 'CREATE TABLE __turso_internal(x)'],
    ['noormme', 'CREATE TABLE noormme_migrations(name)'],
  ])('%s is recognised: %s', async (tool, sql) => {
    const schema = await schemaOf(`${sql}; CREATE TABLE mine(a)`)

    expect(names(schema.tables)).toEqual(['mine'])
    expect(schema.toolTables).toMatchObject([{ tool }])
    expect(schema.tables[0]?.tool).toBeNull()
  })

  test('a table of the application that is called migrations stays its own', async () => {
    const schema = await schemaOf(
      'CREATE TABLE migrations(id INTEGER PRIMARY KEY, bird, flew_at); CREATE TABLE acf_x(a)',
    )

    expect(names(schema.tables)).toEqual(['acf_x', 'migrations'])
    expect(schema.toolTables).toEqual([])
  })
})
