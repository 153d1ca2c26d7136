import { describe, expect, test } from 'vitest'
import { schemaOf } from '../../test/support/schema-of.ts'
import { findColumn, findTable } from './lookup.ts'

const schema = await schemaOf(`
  CREATE TABLE users(id INTEGER PRIMARY KEY, "eMail" TEXT, "größe" REAL); CREATE TABLE "Orders"(id);
  CREATE TABLE _prisma_migrations(id)`)

describe('findTable', () => {
  test.each([
    ['users', 'users'],
    ['USERS', 'users'],
    ['orders', 'Orders'],
    ['_prisma_migrations', '_prisma_migrations'],
  ])('%s is %s', (name, expected) => {
    expect(findTable(schema, name).name).toBe(expected)
  })

  test('in camelCase, and by its own name', async () => {
    const odd = await schemaOf('CREATE TABLE order_lines(id, userId); CREATE TABLE users(order_lines, user_id)')

    expect(findTable(odd, 'orderLines', 'camelCase').name).toBe('order_lines')
    expect(findTable(odd, 'order_lines', 'camelCase').name).toBe('order_lines')
    expect(() => findTable(odd, 'orderLines')).toThrow('no table or view named "orderLines"')
    expect(() => findTable(odd, 'userId', 'camelCase')).toThrow('no table or view named "userId"')
    expect(() => findTable(odd, 'orderLine', 'camelCase')).toThrow('Did you mean "orderLines"?')
  })

  test('a misspelt name is an error with the nearest one, never a tool’s table', () => {
    expect(() => findTable(schema, 'user')).toThrow(
      expect.objectContaining({ code: 'NOORMME_TABLE_NOT_FOUND', context: { table: 'user', nearest: ['users'] } }),
    )
    expect(() => findTable(schema, '_prisma_migration')).toThrow(
      expect.objectContaining({ context: { table: '_prisma_migration', nearest: [] } }),
    )
  })

  test.each(['__proto__', 'constructor', ''])('%j is not a table unless the database has one', (name) => {
    expect(() => findTable(schema, name)).toThrow(expect.objectContaining({ code: 'NOORMME_TABLE_NOT_FOUND' }))
  })
})

describe('findColumn', () => {
  const users = findTable(schema, 'users')

  test.each([
    ['id', 'id'],
    ['ID', 'id'],
    ['email', 'eMail'],
    ['GRößE', 'größe'],
  ])('%s is %s', (name, expected) => {
    expect(findColumn(users, name).name).toBe(expected)
  })

  test('letters outside A to Z keep their case, as in SQLite', () => {
    expect(() => findColumn(users, 'GRÖßE')).toThrow(
      expect.objectContaining({ context: { table: 'users', column: 'GRÖßE', nearest: ['größe'] } }),
    )
  })

  test('a misspelt name is an error with the nearest one', () => {
    expect(() => findColumn(users, 'emial')).toThrow(
      expect.objectContaining({
        code: 'NOORMME_COLUMN_NOT_FOUND',
        context: { table: 'users', column: 'emial', nearest: ['eMail'] },
      }),
    )
  })
})
