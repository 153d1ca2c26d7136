/** Conditions as an attacker or a broken client sends them: found out as wrong, or harmless, and never SQL. */
import fc from 'fast-check'
import { isNoormmeError } from 'noormme'
import { expect, test } from 'vitest'
import { tempDatabase } from './support/temp-database.ts'

const PIECES = ['id', 'name', 'meta', 'owner', 'pets', 'or', 'and', 'not', '"or"', 'path', 'some', 'none', 'eq', 'in']
const ATTACKS = [
  "' OR 1=1 --",
  '" OR 1=1 --',
  'id" = 1; DROP TABLE users; --',
  'id) OR (1=1',
  '1 = 1 OR id',
  '*',
  '$.a',
  '__proto__',
  'constructor',
  'rowid',
  '?1',
  '\0',
  '',
]
const names = fc.oneof(fc.constantFrom(...PIECES, ...ATTACKS, 'gt', 'like', 'between', 'every'), fc.string())
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(...ATTACKS, 0, 1, -1, 1.5, null, undefined, true, Number.NaN, 2n ** 64n, Symbol('x')),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
    fc.uint8Array({ maxLength: 3 }),
    fc.date(),
  ),
}))
const attack = fc.constantFrom(...ATTACKS)
const mostly = (...right: string[]) =>
  fc.oneof({ arbitrary: fc.constantFrom(...right), weight: 9 }, { arbitrary: attack, weight: 1 })
const operators = mostly('eq', 'ne', 'gt', 'lt', 'in', 'notIn', 'like', 'contains', 'isNull', 'path')
const nearlyRight = fc.dictionary(
  mostly('id', 'name', 'meta', 'or', 'pets'),
  fc.oneof(
    attack,
    fc.constantFrom(0, 1, null),
    fc.dictionary(operators, fc.oneof(attack, fc.constantFrom(1, true, null), fc.constant(ATTACKS)), { maxKeys: 2 }),
  ),
  { minKeys: 1, maxKeys: 2 },
)
const wheres = fc.oneof(nearlyRight, fc.dictionary(names, anything, { minKeys: 1, maxKeys: 3 }))

/** What such arguments may be told; an error of SQLite's parser is not among it. */
const REFUSALS = ['NOORMME_VALIDATION', 'NOORMME_COLUMN_NOT_FOUND', 'NOORMME_RELATIONSHIP_NOT_FOUND']

test('any where is refused by name or means rows, in every method that takes one', async () => {
  const { db } = tempDatabase({ optimization: { synchronous: 'OFF' } })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, meta JSON)')
  await db.execute('CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT, owner_id INTEGER REFERENCES users)')
  await db.refreshSchema()
  const users = db.getRepository('users')
  await users.createMany([{ name: "' OR 1=1 --", meta: { a: 1 } }, { name: 'Ada' }, { name: null }])
  await db.getRepository('pets').createMany([{ name: 'Rex', owner_id: 1 }])
  const rows = await users.findAll({ orderBy: 'id' })

  const attempt = async (call: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await call()
    } catch (error) {
      if (isNoormmeError(error) && REFUSALS.includes(error.code)) return error.code
      // A path in a column of texts finds some that are no JSON.
      if (isNoormmeError(error, 'NOORMME_STATEMENT') && error.context.reason === 'malformed JSON') return error.code
      throw error
    }
  }
  let meant = 0
  await fc.assert(
    fc.asyncProperty(wheres, names, async (where, name) => {
      const found = await attempt(async () => (await users.findAll({ where })).length)
      if (typeof found === 'number') meant++
      expect(await attempt(() => users.count(where))).toBe(found)
      await attempt(() => users.paginateByCursor({ where, orderBy: name }))
      await attempt(() => users.findAll({ orderBy: { [name]: 'asc' }, select: [name] }))
      await attempt(() => users.findAll({ with: { pets: { where } }, withCount: { [name]: { where } } }))
      await attempt(() => users.upsert({ [name]: 1 }, { conflict: [name], update: [] }))
      const undone = db.transaction(async () => {
        const removed = await attempt(async () => (await db.getRepository('pets').deleteMany(where)).count)
        if (typeof removed !== 'string') expect([0, 1]).toContain(removed)
        throw new Error('undo')
      })
      await expect(undone).rejects.toThrow('undo')
    }),
    { numRuns: 300 },
  )
  expect(meant).toBeGreaterThan(0)
  expect((await users.findAll({ orderBy: 'id' })).slice(0, rows.length)).toEqual(rows)
  expect(await db.getRepository('pets').count()).toBe(1)
})
