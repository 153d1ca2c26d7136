import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import { quoteIdentifier } from '../schema/naming.ts'

describe('names', () => {
  const names = [
    '__proto__',
    'constructor',
    'select',
    'order-items',
    'größe',
    'a"b',
    "it's",
    ' ',
    '',
    '2fa',
    'two\nlines',
    'toString',
    'then',
    '🦫',
    'all rows',
    'key 0',
    'rowid',
  ]

  test('a column of any name is written, read, found, sorted by and counted as plain data', async () => {
    await using db = await openRepositories(
      `CREATE TABLE "a ""b"" c"(${names.map((name) => `${quoteIdentifier(name)} TEXT`).join(', ')}, PRIMARY KEY(${names.slice(0, 2).map(quoteIdentifier).join(', ')}))`,
    )
    const rows = await db.repository('a "b" c')
    const data = Object.fromEntries(names.map((name, index) => [name, `v${index}`]))
    const key = Object.fromEntries(names.slice(0, 2).map((name, index) => [name, `v${index}`]))
    const plain = (row: object | null) => Object.entries(row ?? {}).sort()

    const stored = await rows.create(data)

    expect(plain(stored)).toEqual(plain(data))
    expect(Object.getPrototypeOf(stored) ?? Object.prototype).toBe(Object.prototype)
    expect(plain(await rows.findById(key))).toEqual(plain(data))
    expect(plain((await rows.paginate()).data[0] ?? null)).toEqual(plain(data))
    for (const [index, name] of names.entries()) {
      const where = Object.fromEntries([[name, `v${index}`]])
      expect(await rows.count(where)).toBe(1)
      expect(plain((await rows.findAll({ where, orderBy: name, select: [name] }))[0] ?? null)).toEqual(plain(where))
      if (name !== '') expect(await rows[`findManyBy${name}`]?.(`v${index}`)).toHaveLength(1)
    }
    expect(plain(await rows.update(key, { größe: 'x' }))).toEqual(plain({ ...data, größe: 'x' }))
    expect(await rows.delete(key)).toBe(true)
  })
})
