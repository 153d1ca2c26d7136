/** Two schemas, both read from real databases, and exactly what lies between them. */
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { plainExecutor } from '../../test/support/plain-executor.ts'
import { diffSchemas, type SchemaChange } from './diff.ts'
import { introspect } from './introspect.ts'
import type { SchemaInfo, TableInfo } from './types.ts'

function openMemory(): Database.Database {
  const database = new Database(':memory:')
  database.pragma('foreign_keys = OFF')
  onTestFinished(() => void database.close())
  return database
}

async function changesOf(before: string, change: string): Promise<SchemaChange[]> {
  const database = openMemory()
  database.exec(before)
  const old = await introspect(plainExecutor(database))
  database.exec(change)
  return diffSchemas(old, await introspect(plainExecutor(database)))
}

const details = (changes: readonly SchemaChange[]): string[] => changes.map((change) => change.details)

describe('a change is named with what it was and is', () => {
  const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER);'
  const POSTS = 'CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES users);'
  const rebuilt = (table: string, definition: string) => `DROP TABLE ${table}; CREATE TABLE ${table} ${definition};`

  test.each([
    ['nothing', USERS, 'ANALYZE; VACUUM', []],
    ['a table', USERS, POSTS, ['table "posts" was added']],
    ['a table that is gone', USERS + POSTS, 'DROP TABLE posts', ['table "posts" was removed']],
    [
      'a table with all that belongs to it',
      USERS,
      `${POSTS} CREATE INDEX posts_author ON posts (author_id); CREATE TRIGGER r AFTER INSERT ON posts BEGIN SELECT 1; END`,
      ['table "posts" was added'],
    ],
    ['a view', USERS, 'CREATE VIEW names AS SELECT name FROM users', ['view "names" was added']],
    [
      'a view in the place of a table',
      USERS,
      'DROP TABLE users; CREATE VIEW users AS SELECT 1 AS id',
      ['table "users" was removed', 'view "users" was added'],
    ],
    [
      'a view that shows another column',
      `${USERS} CREATE VIEW v AS SELECT id FROM users`,
      'DROP VIEW v; CREATE VIEW v AS SELECT id, name FROM users',
      ['view "v" was altered: its definition', 'column "name" of "v" was added'],
    ],
    [
      'a column',
      USERS,
      'ALTER TABLE users ADD COLUMN bio TEXT; ALTER TABLE users DROP COLUMN age',
      ['column "age" of "users" was removed', 'column "bio" of "users" was added'],
    ],
    [
      'a column that is called otherwise',
      USERS,
      'ALTER TABLE users RENAME COLUMN age TO years',
      ['column "age" of "users" was removed', 'column "years" of "users" was added'],
    ],
    [
      'a column that is another one',
      USERS,
      rebuilt('users', "(id INTEGER PRIMARY KEY, name VARCHAR(9) NOT NULL DEFAULT 'x', age INTEGER)"),
      [
        `column "name" of "users" was altered: type from TEXT to VARCHAR(9), NOT NULL from no to yes, default from none to 'x'`,
      ],
    ],
    [
      'a key',
      USERS,
      rebuilt('users', '(id INTEGER, name TEXT, age INTEGER, PRIMARY KEY (name, id)) WITHOUT ROWID'),
      [
        'table "users" was altered: kind from ordinary to ordinary WITHOUT ROWID, primary key from (id), the rowid to (name, id)',
        'column "id" of "users" was altered: NOT NULL from no to yes, place in the primary key from 1 to 2',
        'column "name" of "users" was altered: NOT NULL from no to yes, place in the primary key from 0 to 1',
        'index "sqlite_autoindex_users_1" of "users" was added',
      ],
    ],
    [
      'a rule that only the text has',
      USERS,
      rebuilt('users', '(id INTEGER PRIMARY KEY, name TEXT, age INTEGER CHECK (age > 0))'),
      ['table "users" was altered: its definition'],
    ],
    [
      'a table that is called otherwise',
      USERS,
      'ALTER TABLE users RENAME TO people',
      ['table "people" was added', 'table "users" was removed'],
    ],
    [
      'an index',
      `${USERS} CREATE INDEX a ON users (name); CREATE INDEX b ON users (name)`,
      'DROP INDEX a; DROP INDEX b; CREATE UNIQUE INDEX b ON users (name DESC, age); CREATE INDEX c ON users (age)',
      [
        'index "a" of "users" was removed',
        'index "b" of "users" was altered: columns from name BINARY to name BINARY DESC, age BINARY, unique from no to yes',
        'index "c" of "users" was added',
      ],
    ],
    [
      'the condition of an index',
      `${USERS} CREATE INDEX a ON users (name) WHERE age > 1`,
      'DROP INDEX a; CREATE INDEX a ON users (name) WHERE age > 2',
      ['index "a" of "users" was altered: its definition'],
    ],
    [
      'a foreign key',
      USERS + POSTS,
      rebuilt('posts', '(id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES users ON DELETE CASCADE)'),
      ['foreign key "author_id" of "posts" was altered: ON DELETE from NO ACTION to CASCADE'],
    ],
    [
      'a foreign key to another table',
      `${USERS + POSTS} CREATE TABLE people (id INTEGER PRIMARY KEY)`,
      rebuilt('posts', '(id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES people)'),
      ['foreign key "author_id" of "posts" was removed', 'foreign key "author_id" of "posts" was added'],
    ],
    [
      'a foreign key whose table is gone',
      USERS + POSTS,
      'DROP TABLE users',
      [
        'foreign key "author_id" of "posts" was altered: references from users (id) to users (cannot be followed)',
        'table "users" was removed',
      ],
    ],
    [
      'a trigger',
      `${USERS} CREATE TRIGGER a AFTER INSERT ON users BEGIN SELECT 1; END; CREATE TRIGGER b AFTER INSERT ON users BEGIN SELECT 1; END`,
      `DROP TRIGGER a; DROP TRIGGER b; CREATE TRIGGER b AFTER INSERT ON users BEGIN SELECT 2; END;
       CREATE TRIGGER c AFTER INSERT ON users BEGIN SELECT 1; END`,
      [
        'trigger "a" of "users" was removed',
        'trigger "b" of "users" was altered: its definition',
        'trigger "c" of "users" was added',
      ],
    ],
    [
      'names that only look like something else',
      'CREATE TABLE "__proto__" ("constructor" TEXT)',
      'ALTER TABLE "__proto__" ADD COLUMN "toString"',
      ['column "toString" of "__proto__" was added'],
    ],
  ])('%s', async (_name, before, change, expected) => {
    expect(details(await changesOf(before, change))).toEqual(expected)
  })

  test('before and after are what introspection says', async () => {
    const [change] = await changesOf(USERS, rebuilt('users', '(id INTEGER PRIMARY KEY, name BLOB, age INTEGER)'))

    expect(change).toMatchObject({
      type: 'column_altered',
      table: 'users',
      name: 'name',
      before: { name: 'name', type: 'TEXT', affinity: 'TEXT' },
      after: { name: 'name', type: 'BLOB', affinity: 'BLOB' },
    })
  })
})

/** One statement or two, and what it must be told as. `null`: it cannot be done now. */
type Step = (model: Model, pick: (count: number) => number) => { sql: string; expected: string[] } | null

interface Model {
  /** Columns that nothing depends on, and the table referred to. */
  readonly tables: Map<string, { free: string[]; ref: string | null; indexes: string[]; triggers: string[] }>
  readonly views: string[]
  count: number
}

const STEPS: Readonly<Record<string, Step>> = {
  createTable: (model, pick) => {
    const name = `t${pick(6)}`
    if (model.tables.has(name)) return null
    const others = [...model.tables.keys()]
    const ref = others.length === 0 ? null : (others[pick(others.length)] ?? null)
    model.tables.set(name, { free: [], ref, indexes: [], triggers: [] })
    const key = ref === null ? '' : `, ref INTEGER REFERENCES ${ref}`
    return {
      sql: `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, base TEXT${key})`,
      expected: [`table_added ${name} ${name}`, ...referring(model, name)],
    }
  },
  dropTable: (model, pick) => {
    const name = someTable(model, pick)
    if (name === null) return null
    model.tables.delete(name)
    return { sql: `DROP TABLE ${name}`, expected: [`table_removed ${name} ${name}`, ...referring(model, name)] }
  },
  addColumn: (model, pick) => {
    const name = someTable(model, pick)
    if (name === null) return null
    const column = `c${++model.count}`
    model.tables.get(name)?.free.push(column)
    const type = ['TEXT', 'INTEGER DEFAULT 5', "TEXT NOT NULL DEFAULT 'x'", ''][pick(4)]
    return { sql: `ALTER TABLE ${name} ADD COLUMN ${column} ${type}`, expected: [`column_added ${name} ${column}`] }
  },
  dropColumn: (model, pick) => {
    const name = someTable(model, pick)
    const column = name === null ? undefined : model.tables.get(name)?.free.pop()
    if (column === undefined) return null
    return { sql: `ALTER TABLE ${name} DROP COLUMN ${column}`, expected: [`column_removed ${name} ${column}`] }
  },
  renameColumn: (model, pick) => {
    const name = someTable(model, pick)
    const free = name === null ? undefined : model.tables.get(name)?.free
    const column = free?.pop()
    if (free === undefined || column === undefined) return null
    const renamed = `c${++model.count}`
    free.push(renamed)
    return {
      sql: `ALTER TABLE ${name} RENAME COLUMN ${column} TO ${renamed}`,
      expected: [`column_added ${name} ${renamed}`, `column_removed ${name} ${column}`],
    }
  },
  createIndex: (model, pick) => {
    const name = someTable(model, pick)
    if (name === null) return null
    const index = `i${++model.count}`
    model.tables.get(name)?.indexes.push(index)
    return { sql: `CREATE INDEX ${index} ON ${name} (base)`, expected: [`index_added ${name} ${index}`] }
  },
  alterIndex: (model, pick) => {
    const name = someTable(model, pick)
    const index = name === null ? undefined : model.tables.get(name)?.indexes[0]
    if (index === undefined) return null
    return {
      sql: `DROP INDEX ${index}; CREATE INDEX ${index} ON ${name} (base || ${++model.count})`,
      expected: [`index_altered ${name} ${index}`],
    }
  },
  dropIndex: (model, pick) => {
    const name = someTable(model, pick)
    const index = name === null ? undefined : model.tables.get(name)?.indexes.pop()
    if (index === undefined) return null
    return { sql: `DROP INDEX ${index}`, expected: [`index_removed ${name} ${index}`] }
  },
  createTrigger: (model, pick) => {
    const name = someTable(model, pick)
    if (name === null) return null
    const trigger = `r${++model.count}`
    model.tables.get(name)?.triggers.push(trigger)
    return { sql: triggerSql(trigger, name, 0), expected: [`trigger_added ${name} ${trigger}`] }
  },
  alterTrigger: (model, pick) => {
    const name = someTable(model, pick)
    const trigger = name === null ? undefined : model.tables.get(name)?.triggers[0]
    if (name === null || trigger === undefined) return null
    return {
      sql: `DROP TRIGGER ${trigger}; ${triggerSql(trigger, name, ++model.count)}`,
      expected: [`trigger_altered ${name} ${trigger}`],
    }
  },
  createView: (model) => {
    const view = `v${++model.count}`
    model.views.push(view)
    return { sql: `CREATE VIEW ${view} AS SELECT ${model.count} AS one`, expected: [`view_added ${view} ${view}`] }
  },
  alterView: (model) => {
    const view = model.views[0]
    if (view === undefined) return null
    return {
      sql: `DROP VIEW ${view}; CREATE VIEW ${view} AS SELECT ${++model.count} AS one`,
      expected: [`view_altered ${view} ${view}`],
    }
  },
  dropView: (model) => {
    const view = model.views.pop()
    return view === undefined ? null : { sql: `DROP VIEW ${view}`, expected: [`view_removed ${view} ${view}`] }
  },
}

const triggerSql = (trigger: string, table: string, number: number): string =>
  `CREATE TRIGGER ${trigger} AFTER INSERT ON ${table} BEGIN SELECT ${number}; END`

function someTable(model: Model, pick: (count: number) => number): string | null {
  const names = [...model.tables.keys()]
  return names[pick(Math.max(1, names.length))] ?? null
}

/** Keys that could not be followed, or cannot be any more. */
function referring(model: Model, name: string): string[] {
  return [...model.tables]
    .filter(([table, { ref }]) => ref === name && table !== name)
    .map(([table]) => `foreign_key_altered ${table} ref`)
}

const summary = (changes: readonly SchemaChange[]): string[] =>
  changes.map(({ type, table, name }) => `${type} ${table} ${name}`).sort()

/** The tables that come of `before` when the changes are made to it. */
function applied(before: SchemaInfo, changes: readonly SchemaChange[]): Map<string, TableInfo> {
  const tables = new Map(before.tables.map((table) => [table.name, structuredClone(table)]))
  for (const change of changes) {
    const whole = change.type.startsWith('table') || change.type.startsWith('view')
    if (whole && 'after' in change && !change.type.endsWith('altered')) {
      tables.set(change.table, change.after as TableInfo)
    } else if (whole && !change.type.endsWith('altered')) tables.delete(change.table)
    else if (!whole) {
      const part = PARTS[change.type.replace(/_(added|removed|altered)$/, '') as keyof typeof PARTS]
      const table = tables.get(change.table) as unknown as Record<string, unknown[]>
      const kept = (table[part] ?? []).filter(
        (info) => !('before' in change) || JSON.stringify(info) !== JSON.stringify(change.before),
      )
      table[part] = 'after' in change ? [...kept, change.after] : kept
    }
  }
  return tables
}

const PARTS = { column: 'columns', index: 'indexes', foreign_key: 'foreignKeys', trigger: 'triggers' } as const

const partsOf = (tables: Iterable<TableInfo>): unknown =>
  [...tables]
    .map((table) => [
      table.name,
      table.kind,
      ...Object.values(PARTS).map((part) => table[part].map((info) => JSON.stringify(info)).sort()),
    ])
    .sort()

test('each of many random statements is told as what it does, and all changes together lead from first to last', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 })),
        {
          minLength: 5,
          maxLength: 30,
        },
      ),
      async (steps) => {
        const database = new Database(':memory:')
        try {
          database.pragma('foreign_keys = OFF')
          const model: Model = { tables: new Map(), views: [], count: 0 }
          const first = await introspect(plainExecutor(database))
          let before = first
          for (const [name, numbers] of steps) {
            let used = 0
            const made = STEPS[name]?.(model, (count) => (numbers[used++ % numbers.length] ?? 0) % count) ?? null
            if (made === null) continue
            database.exec(made.sql)
            const after = await introspect(plainExecutor(database))
            const changes = diffSchemas(before, after)
            expect(summary(changes), made.sql).toEqual(made.expected.sort())
            expect(summary(diffSchemas(after, before)), `back: ${made.sql}`).toEqual(mirrored(changes))
            expect(diffSchemas(after, after)).toEqual([])
            before = after
          }
          expect(partsOf(applied(first, diffSchemas(first, before)).values())).toEqual(partsOf(before.tables))
        } finally {
          database.close()
        }
      },
    ),
    { numRuns: 60 },
  )
})

function mirrored(changes: readonly SchemaChange[]): string[] {
  const swap: Readonly<Record<string, string>> = { added: 'removed', removed: 'added', altered: 'altered' }
  return changes
    .map(
      ({ type, table, name }) =>
        `${type.replace(/(added|removed|altered)$/, (how) => swap[how] ?? how)} ${table} ${name}`,
    )
    .sort()
}
