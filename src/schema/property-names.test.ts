import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { schemaOf } from '../../test/support/schema-of.ts'
import { ConfigError } from '../errors.ts'
import { assertDistinctNames, camelCaseNames, propertyName } from './property-names.ts'

describe('propertyName', () => {
  test.each([
    ['user_id', 'userId'],
    ['userId', 'userId'],
    ['USER_ID', 'userId'],
    ['user__id', 'userId'],
    ['_user_id_', '_userId_'],
    ['address_line_1', 'addressLine1'],
    ['größe_in_cm', 'größeInCm'],
    ['ID', 'ID'],
    ['First Name', 'First Name'],
    ['order-items', 'order-items'],
    ['__proto__', '__proto__'],
    ['a_🎨', 'a🎨'],
    ['', ''],
  ])('%s is %s', (stored, property) => {
    expect(propertyName(stored, 'camelCase')).toBe(property)
    expect(propertyName(stored, 'stored')).toBe(stored)
  })

  test('a name in camelCase stays', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const property = propertyName(name, 'camelCase')
        expect(propertyName(property, 'camelCase')).toBe(property)
      }),
    )
  })
})

describe('names that would become one', () => {
  const CLASHING = `CREATE TABLE posts (user_id, userId, userid2, user_id2); CREATE TABLE order_items (a); CREATE TABLE orderItems (a)`

  test('are refused, all of them and with both names', async () => {
    const schema = await schemaOf(CLASHING)

    expect(() => assertDistinctNames(schema, 'stored')).not.toThrow()
    expect(() => assertDistinctNames(schema, 'camelCase')).toThrow(ConfigError)
    expect(() => assertDistinctNames(schema, 'camelCase')).toThrow(
      `introspection.naming must not be 'camelCase': "orderItems" and "order_items", tables, would both be orderItems; introspection.naming must not be 'camelCase': "user_id" and "userId", columns of "posts", would both be userId; introspection.naming must not be 'camelCase': "userid2" and "user_id2", columns of "posts", would both be userid2`,
    )
  })

  test('are kept apart in different tables', async () => {
    const schema = await schemaOf('CREATE TABLE a (user_id); CREATE TABLE b (userId)')

    expect(() => assertDistinctNames(schema, 'camelCase')).not.toThrow()
    const { stored, properties } = camelCaseNames(schema)
    expect(stored.get('userId')).toEqual(
      new Map([
        ['user_id', new Set(['a'])],
        ['userId', new Set(['b'])],
      ]),
    )
    expect([...properties]).toEqual([['user_id', 'userId']])
  })
})
