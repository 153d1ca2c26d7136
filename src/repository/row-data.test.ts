import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'

const TABLE = `CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT DEFAULT 'default')`

class Accessors {
  get v(): string {
    return 'x'
  }
}

class Fields {
  readonly id = 1
  readonly v = 'x'
}

describe('what is taken for a row', () => {
  test.each<[string, () => object, RegExp]>([
    ['a Promise', () => Promise.resolve({ v: 'x' }), /a Promise: a forgotten await\?/],
    // biome-ignore lint/suspicious/noThenProperty: a query builder that can be awaited has it
    ['another thenable', () => Object.assign(new Fields(), { then: () => undefined }), /a forgotten await/],
    ['a Map', () => new Map([['v', 'x']]), /an instance of Map/],
    ['a Set', () => new Set(['v']), /an instance of Set/],
    ['a Date', () => new Date(), /an instance of Date/],
    ['bytes', () => new Uint8Array([1]), /an instance of Uint8Array/],
    ['no bytes', () => new Uint8Array(), /an instance of Uint8Array/],
    ['an instance without data of its own', () => new Accessors(), /an instance of Accessors/],
  ])('%s is not: it would be a row of defaults', async (_, make, message) => {
    await using db = await openRepositories(TABLE, `INSERT INTO t VALUES (1, 'kept')`)
    const rows = await db.repository('t')

    for (const call of [
      () => rows.create(make() as never),
      () => rows.createMany([{ v: 'y' }, make() as never]),
      () => rows.update(1, make() as never),
      () => rows.update(make() as never),
    ]) {
      await expect(call()).rejects.toMatchObject({
        code: 'NOORMME_VALIDATION',
        message: expect.stringMatching(message),
      })
    }
    expect(await rows.findAll()).toEqual([{ id: 1, v: 'kept' }])
  })

  test('an instance of a class with data of its own is', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository('t')

    expect(await rows.create({ ...new Fields(), v: 'first' })).toEqual({ id: 1, v: 'first' })
    expect(await rows.update(new Fields() as never)).toEqual({ id: 1, v: 'x' })
    expect(await rows.create(Object.assign(new Fields(), { id: 2 }) as never)).toEqual({ id: 2, v: 'x' })
    expect(await rows.create(Object.assign(Object.create(null), { id: 3 }))).toEqual({ id: 3, v: 'default' })
  })
})
