import { describe, expect, test } from 'vitest'
import { schemaOf } from '../../test/support/schema-of.ts'
import { schemaDrift } from './drift.ts'
import { describeSchema } from './schema-description.ts'

const described = async (sql: string) => describeSchema(await schemaOf(sql), { naming: 'stored', dates: 'text' })

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)'

describe('a database', () => {
  test.each([
    ['the same', USERS, []],
    ['the same in another order', 'CREATE TABLE users (name TEXT NOT NULL, id INTEGER PRIMARY KEY)', []],
    ['an index more', `${USERS}; CREATE INDEX i ON users (name)`, []],
    ['a table more', `${USERS}; CREATE TABLE b (x)`, ['table "b" is not in the types']],
    ['a table less', '', ['table "users" is only in the types']],
    ['a column more', `${USERS}; ALTER TABLE users ADD COLUMN age`, ['column "users.age" is not in the types']],
    ['a column less', `${USERS}; ALTER TABLE users DROP COLUMN name`, ['column "users.name" is only in the types']],
    [
      'NULL allowed',
      'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)',
      ['column "users.name" is TEXT, in the types TEXT NOT NULL'],
    ],
    [
      'everything about a column',
      `CREATE TABLE users (id INTEGER PRIMARY KEY,
         name NOT NULL UNIQUE DEFAULT 'a' REFERENCES users (id) CHECK (name IN ('a', 'it''s')))`,
      [`column "users.name" is NOT NULL UNIQUE DEFAULT REFERENCES users IN ('a', 'it''s'), in the types TEXT NOT NULL`],
    ],
  ])('with %s', async (_, sql, changes) => {
    expect(schemaDrift(await described(USERS), await described(sql))).toEqual(changes)
  })

  test('with a column called __proto__', async () => {
    const types = await described('CREATE TABLE t (__proto__ TEXT)')

    expect(schemaDrift(types, await described('CREATE TABLE t (__proto__ TEXT)'))).toEqual([])
    expect(schemaDrift(types, await described('CREATE TABLE t (__proto__ INT)'))).toEqual([
      'column "t.__proto__" is INT, in the types TEXT',
    ])
  })
})
