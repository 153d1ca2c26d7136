import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { plainExecutor } from '../../test/support/plain-executor.ts'
import { schemaOf, tableNamed, tableOf } from '../../test/support/schema-of.ts'
import { introspect } from './introspect.ts'
import { quoteIdentifier } from './naming.ts'
import type { SchemaInfo } from './types.ts'

const names = (items: readonly { readonly name: string | null }[]) => items.map(({ name }) => name)

describe('a whole schema', () => {
  test('an empty file has no tables', async () => {
    expect(await schemaOf('')).toEqual({ tables: [], toolTables: [], version: 0 })
  })

  test('the version is SQLite’s schema_version', async () => {
    expect((await schemaOf('CREATE TABLE a(x); CREATE TABLE b(x); DROP TABLE a')).version).toBe(3)
  })

  test('tables come by name, SQLite’s own left out and names that only look like theirs kept', async () => {
    const { tables } = await schemaOf(`
      CREATE TABLE "sqliteXlog"(x); CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE A(x); ANALYZE;
      INSERT INTO b DEFAULT VALUES; ANALYZE`)

    expect(names(tables)).toEqual(['A', 'b', 'sqliteXlog'])
  })

  test('everything is frozen, down to the last list', async () => {
    const schema = await schemaOf(
      'CREATE TABLE p(a PRIMARY KEY); CREATE TABLE c(p_a REFERENCES p); CREATE INDEX i ON c(p_a)',
    )

    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen))
    expect(frozen(schema)).toBe(true)
  })

  test('one statement reads it all, for 1,000 tables as for none', async () => {
    const count = async (tables: number): Promise<number> => {
      const database = new Database(':memory:')
      for (let i = 0; i < tables; i++) {
        database.exec(
          `CREATE TABLE t${i}(id INTEGER PRIMARY KEY, a REFERENCES t${i}, b UNIQUE); CREATE INDEX i${i} ON t${i}(a)`,
        )
      }
      const executor = plainExecutor(database)
      let statements = 0
      const schema = await introspect({
        execute(statement) {
          statements++
          return executor.execute(statement)
        },
      })
      database.close()
      expect(schema.tables).toHaveLength(tables)
      return statements
    }

    expect([await count(0), await count(1000)]).toEqual([1, 1])
  })

  test('it is one point in time, whatever is committed meanwhile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'noormme-schema-'))
    const writer = new Database(join(folder, 'app.db'))
    writer.exec('PRAGMA journal_mode = WAL; CREATE TABLE t(a)')
    const reader = new Database(join(folder, 'app.db'), { readonly: true })
    // Reader: begins to list the tables | Writer: alters one of them and commits | Reader: goes on to their columns
    let interruptions = 0
    reader.function('substr', { varargs: true }, (text: string, from: number, length: number) => {
      if (interruptions++ === 0) writer.exec('ALTER TABLE t ADD COLUMN b; CREATE INDEX i ON t(a)')
      return text.slice(from - 1, from - 1 + length)
    })

    const during = await introspect(plainExecutor(reader))
    const after = await introspect(plainExecutor(reader))

    expect(interruptions).toBeGreaterThan(0)
    const summary = ({ version, tables }: SchemaInfo) => [
      version,
      tables.map((t) => [names(t.columns), t.indexes.length]),
    ]
    expect(summary(during)).toEqual([1, [[['a'], 0]]])
    expect(summary(after)).toEqual([3, [[['a', 'b'], 1]]])
    reader.close()
    writer.close()
    rmSync(folder, { recursive: true })
  })

  test('a failure is the caller’s to see, not an empty schema', async () => {
    const database = new Database(':memory:')
    database.close()

    await expect(introspect(plainExecutor(database))).rejects.toThrow()
  })

  test('other databases of the connection are not looked at', async () => {
    const database = new Database(':memory:')
    database.exec(`ATTACH ':memory:' AS other; CREATE TABLE other.t(wrong); CREATE TABLE other.elsewhere(x);
      CREATE TABLE main.t(right); CREATE TEMP TABLE t(shadowing); CREATE TEMP TABLE hidden(x)`)

    const { tables } = await introspect(plainExecutor(database))
    database.close()

    expect(tables.map((table) => [table.name, names(table.columns)])).toEqual([['t', ['right']]])
  })
})

describe('primary keys', () => {
  test.each([
    ['INTEGER PRIMARY KEY', 'CREATE TABLE t(id INTEGER PRIMARY KEY)', 'id'],
    ['integer primary key autoincrement', 'CREATE TABLE t(id integer primary key autoincrement)', 'id'],
    ['INTEGER in a table constraint', 'CREATE TABLE t(id INTEGER, PRIMARY KEY(id))', 'id'],
    ['INTEGER in a descending table constraint', 'CREATE TABLE t(id INTEGER, PRIMARY KEY(id DESC))', 'id'],
    ['INTEGER in a STRICT table', 'CREATE TABLE t(id INTEGER PRIMARY KEY) STRICT', 'id'],
    ['INTEGER PRIMARY KEY DESC', 'CREATE TABLE t(id INTEGER PRIMARY KEY DESC)', null],
    ['INT', 'CREATE TABLE t(id INT PRIMARY KEY)', null],
    ['INT in a STRICT table', 'CREATE TABLE t(id INT PRIMARY KEY) STRICT', null],
    ['BIGINT', 'CREATE TABLE t(id BIGINT PRIMARY KEY)', null],
    ['INTEGER(8)', 'CREATE TABLE t(id INTEGER(8) PRIMARY KEY)', null],
    ['TEXT', 'CREATE TABLE t(id TEXT PRIMARY KEY)', null],
    ['WITHOUT ROWID', 'CREATE TABLE t(id INTEGER PRIMARY KEY) WITHOUT ROWID', null],
  ])('%s: the rowid’s other name is told exactly', async (_, sql, rowidColumn) => {
    const table = await tableOf(sql)

    expect(table.primaryKey).toEqual(['id'])
    expect(table.rowidColumn).toBe(rowidColumn)
    // An independent witness: a rowid alias that is given NULL is filled in, another column keeps it or refuses it.
    const database = new Database(':memory:')
    database.exec(`${sql}; INSERT OR IGNORE INTO t VALUES (NULL)`)
    expect(database.prepare('SELECT id FROM t').pluck().get() === 1).toBe(rowidColumn === 'id')
    database.close()
  })

  test('a composite key is in key order, not in column order', async () => {
    const table = await tableOf('CREATE TABLE t(a INTEGER, b TEXT, c BLOB, PRIMARY KEY(c, a)) WITHOUT ROWID')

    expect(table).toMatchObject({ primaryKey: ['c', 'a'], withoutRowid: true, rowidColumn: null })
    expect(table.columns.map(({ primaryKeyPosition }) => primaryKeyPosition)).toEqual([2, 0, 1])
    expect(table.columns.map(({ notNull }) => notNull)).toEqual([true, false, true])
  })

  test('a table without a key has none', async () => {
    expect(await tableOf('CREATE TABLE t(a INTEGER, b)')).toMatchObject({ primaryKey: [], rowidColumn: null })
  })
})

describe('columns', () => {
  test('type, affinity, NOT NULL and default are as SQLite keeps them', async () => {
    const { columns } = await tableOf(`CREATE TABLE t(
      a VARCHAR(20) NOT NULL DEFAULT 'it''s "so"', b DECIMAL(10, 2) DEFAULT -1.5, c DEFAULT (datetime('now', '+1 day')),
      d DATETIME DEFAULT CURRENT_TIMESTAMP, e BLOB DEFAULT x'00ff', f UNSIGNED BIG INT DEFAULT NULL, g DOUBLE PRECISION)`)

    expect(columns.map(({ type, affinity, notNull, defaultValue }) => [type, affinity, notNull, defaultValue])).toEqual(
      [
        ['VARCHAR(20)', 'TEXT', true, `'it''s "so"'`],
        ['DECIMAL(10, 2)', 'NUMERIC', false, '-1.5'],
        ['', 'BLOB', false, "datetime('now', '+1 day')"],
        ['DATETIME', 'NUMERIC', false, 'CURRENT_TIMESTAMP'],
        ['BLOB', 'BLOB', false, "x'00ff'"],
        ['UNSIGNED BIG INT', 'INTEGER', false, 'NULL'],
        ['DOUBLE PRECISION', 'REAL', false, null],
      ],
    )
  })

  test('generated columns are told apart, virtual and stored, and are no hidden ones', async () => {
    const { columns } = await tableOf(
      `CREATE TABLE t(a INTEGER, v AS (a + 1), s TEXT GENERATED ALWAYS AS (a || 'x') STORED)`,
    )

    expect(columns.map(({ name, generated, hidden }) => [name, generated, hidden])).toEqual([
      ['a', null, false],
      ['v', 'virtual', false],
      ['s', 'stored', false],
    ])
  })

  test('ANY in a STRICT table converts nothing', async () => {
    const table = await tableOf('CREATE TABLE t(a ANY, b TEXT) STRICT')

    expect(table.strict).toBe(true)
    expect(table.columns.map(({ affinity }) => affinity)).toEqual(['BLOB', 'TEXT'])
  })

  test('300 columns are 300 columns, in order', async () => {
    const wanted = Array.from({ length: 300 }, (_, i) => `column ${299 - i}`)

    const table = await tableOf(`CREATE TABLE wide(${wanted.map(quoteIdentifier).join()})`)

    expect(names(table.columns)).toEqual(wanted)
  })
})

describe('foreign keys', () => {
  test('they come in order of declaration with their actions', async () => {
    const schema = await schemaOf(`
      CREATE TABLE p(id INTEGER PRIMARY KEY, u TEXT UNIQUE);
      CREATE TABLE c(a INTEGER REFERENCES p(id) ON DELETE CASCADE ON UPDATE SET NULL, b TEXT REFERENCES p(u) ON DELETE RESTRICT)`)

    expect(tableNamed(schema, 'c').foreignKeys).toEqual([
      { columns: ['a'], referencedTable: 'p', referencedColumns: ['id'], onDelete: 'CASCADE', onUpdate: 'SET NULL' },
      { columns: ['b'], referencedTable: 'p', referencedColumns: ['u'], onDelete: 'RESTRICT', onUpdate: 'NO ACTION' },
    ])
  })

  test('a key without columns refers to the primary key, composite ones in key order', async () => {
    const schema = await schemaOf(`
      CREATE TABLE one(id TEXT PRIMARY KEY);
      CREATE TABLE two(a, b, PRIMARY KEY(b, a));
      CREATE TABLE c(x REFERENCES one, y, z, FOREIGN KEY(z, y) REFERENCES two)`)

    expect(tableNamed(schema, 'c').foreignKeys).toMatchObject([
      { columns: ['x'], referencedTable: 'one', referencedColumns: ['id'] },
      { columns: ['z', 'y'], referencedTable: 'two', referencedColumns: ['b', 'a'] },
    ])
  })

  test('names on the other side are compared as SQLite does and reported as they are there', async () => {
    const schema = await schemaOf(`
      CREATE TABLE "Users"("Id" INTEGER PRIMARY KEY, "É" TEXT UNIQUE);
      CREATE TABLE c(a REFERENCES USERS(ID), b REFERENCES users, d REFERENCES users("é"))`)

    expect(tableNamed(schema, 'c').foreignKeys).toMatchObject([
      { referencedTable: 'Users', referencedColumns: ['Id'] },
      { referencedTable: 'Users', referencedColumns: ['Id'] },
      { referencedTable: 'Users', referencedColumns: [] },
    ])
  })

  test('what cannot be followed refers to no columns', async () => {
    const schema = await schemaOf(`
      CREATE TABLE keyless(a); CREATE TABLE two(a, b, PRIMARY KEY(a, b));
      CREATE TABLE c(w REFERENCES missing(id), x REFERENCES missing, y REFERENCES keyless, z REFERENCES two)`)

    const { foreignKeys, relations } = tableNamed(schema, 'c')
    expect(foreignKeys.map(({ referencedTable }) => referencedTable)).toEqual(['missing', 'missing', 'keyless', 'two'])
    expect(foreignKeys.map(({ referencedColumns }) => referencedColumns)).toEqual([[], [], [], []])
    expect(relations).toEqual([])
  })

  test('tables that refer to each other and to themselves are read like any other', async () => {
    const schema = await schemaOf(`
      CREATE TABLE a(id INTEGER PRIMARY KEY, b_id REFERENCES b, parent_id REFERENCES a);
      CREATE TABLE b(id INTEGER PRIMARY KEY, a_id REFERENCES a)`)

    expect(tableNamed(schema, 'a').relations.map(({ kind, name, table }) => [kind, name, table])).toEqual([
      ['belongsTo', 'b', 'b'],
      ['belongsTo', 'parent', 'a'],
      ['hasMany', 'a', 'a'],
      ['hasMany', 'b_by_a', 'b'],
    ])
  })
})
