import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'

describe('long lists', () => {
  test('lists longer than SQLite’s parameter limit find the same rows as short ones', async () => {
    await using db = await openRepositories('CREATE TABLE m(id INTEGER PRIMARY KEY, v, t TEXT, n INTEGER)')
    const rows = await db.repository('m')
    const values = [
      9223372036854775807n,
      2 ** 60,
      0.1,
      -1e-300,
      5,
      'a\0b',
      '5',
      '',
      '"',
      new Uint8Array([0, 255]),
      new Uint8Array(),
      Number.POSITIVE_INFINITY,
    ]
    await rows.createMany(values.map((v) => ({ v, t: '5', n: 5 })))
    const filler = Array.from({ length: 40_000 }, (_, index) => index + 0.25)

    for (const value of values) {
      const short = await rows.findAll({ where: { v: [value] } })
      expect(short).toHaveLength(1)
      expect(await rows.findAll({ where: { v: [...filler, value] } })).toEqual(short)
      expect(await rows.count({ v: { notIn: [...filler, value] } })).toBe(values.length - 1)
    }
    // Compared as the column's type, however they travel.
    expect(await rows.count({ t: [...filler, 5n], n: [...filler, '5'] })).toBe(values.length)
  })

  test('any double is found through a long list', async () => {
    await using db = await openRepositories('CREATE TABLE m(id INTEGER PRIMARY KEY, v REAL)')
    const rows = await db.repository('m')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ noNaN: true }), { minLength: 70, maxLength: 200 }), async (doubles) => {
        const distinct = [...new Set(doubles.map((double) => double + 0))]
        const { count } = await rows.createMany(distinct.map((v) => ({ v })))
        expect(await rows.count({ v: [...doubles, ...Array.from({ length: 70 }, () => 0.5)] })).toBeGreaterThanOrEqual(
          count,
        )
        for (const { id } of await rows.findAll({ select: ['id'] })) await rows.delete(id as number)
      }),
      { numRuns: 20 },
    )
  })
})
