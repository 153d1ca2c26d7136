/** Tables whose triggers ignore, remove or move rows: a rejected call has changed nothing. */
import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'

const IGNORES_TWO = [
  'CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)',
  'CREATE TABLE log(v INTEGER)',
  `CREATE TRIGGER two BEFORE INSERT ON t WHEN new.v = 2 BEGIN
    INSERT INTO log VALUES (new.v); SELECT RAISE(IGNORE); END`,
]
const MOVES_AWAY = [
  'CREATE TABLE outbox(id INTEGER PRIMARY KEY, v TEXT)',
  'CREATE TABLE sent(v TEXT)',
  `CREATE TRIGGER moved AFTER INSERT ON outbox BEGIN
    INSERT INTO sent VALUES (new.v); DELETE FROM outbox WHERE id = new.id; END`,
]

describe('a trigger that drops the row', () => {
  test.each([1000, 2])(
    'createMany with returning rejects and stores nothing, in groups of %i',
    async (maxBatchSize) => {
      await using db = await openRepositories(...IGNORES_TWO)
      const rows = await db.repository('t', { maxBatchSize })

      const failed = rows.createMany([{ v: 1 }, { v: 2 }, { v: 3 }], { returning: true })

      await expect(failed).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
      expect(await rows.count()).toBe(0)
      expect(await (await db.repository('log')).count()).toBe(0)
    },
  )

  test('a rejected create has left nothing of the trigger either', async () => {
    await using db = await openRepositories(...IGNORES_TWO)
    const rows = await db.repository('t')

    await expect(rows.create({ v: 2 })).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })

    expect(await (await db.repository('log')).count()).toBe(0)
    expect(await rows.create({ v: 1 })).toEqual({ id: 1, v: 1 })
  })

  test('a rejected create on a view has left nothing of its trigger', async () => {
    await using db = await openRepositories(
      'CREATE TABLE log(v INTEGER)',
      'CREATE VIEW w AS SELECT v FROM log',
      'CREATE TRIGGER w1 INSTEAD OF INSERT ON w BEGIN INSERT INTO log VALUES (new.v); SELECT RAISE(IGNORE); END',
    )
    const rows = await db.repository('w')

    await expect(rows.create({ v: 1 })).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })

    expect(await rows.count()).toBe(0)
  })

  test('a row that is moved away cannot be returned, so it is not moved', async () => {
    await using db = await openRepositories(...MOVES_AWAY)
    const outbox = await db.repository('outbox')
    const sent = await db.repository('sent')

    await expect(outbox.create({ v: 'x' })).rejects.toThrow(/removed the row/)
    await expect(outbox.createMany([{ v: 'x' }], { returning: true })).rejects.toThrow(/removed the row/)
    expect(await sent.count()).toBe(0)

    expect(await outbox.createMany([{ v: 'x' }])).toEqual({ count: 1 })
    expect(await sent.findAll()).toEqual([{ v: 'x' }])
  })

  test('inside a transaction only the rejected call is undone', async () => {
    await using db = await openRepositories(...IGNORES_TWO)

    await db.engine.transaction(async (tx) => {
      const rows = await db.repository('t', { executor: tx })
      await rows.create({ v: 1 })
      await expect(rows.create({ v: 2 })).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
    })

    expect(await (await db.repository('t')).count()).toBe(1)
    expect(await (await db.repository('log')).count()).toBe(0)
  })
})

test('an update whose trigger removes the row is undone', async () => {
  await using db = await openRepositories(
    'CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)',
    'INSERT INTO t VALUES (1, 1)',
    'CREATE TRIGGER gone AFTER UPDATE ON t WHEN new.v = 0 BEGIN DELETE FROM t WHERE id = new.id; END',
  )
  const rows = await db.repository('t')

  await expect(rows.update(1, { v: 0 })).rejects.toThrow(/removed the row/)
  await expect(rows.update(2, { v: 0 })).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })

  expect(await rows.findById(1)).toEqual({ id: 1, v: 1 })
})

test('an update that a trigger ignores is undone with what the trigger did', async () => {
  await using db = await openRepositories(
    'CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)',
    'CREATE TABLE log(v INTEGER)',
    'INSERT INTO t VALUES (1, 1)',
    'CREATE TRIGGER kept BEFORE UPDATE ON t BEGIN INSERT INTO log VALUES (new.v); SELECT RAISE(IGNORE); END',
  )
  const rows = await db.repository('t')

  await expect(rows.update(1, { v: 0 })).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })

  expect(await (await db.repository('log')).count()).toBe(0)
})

test('a delete that a trigger ignores is an error and undone, not the answer that there was no row', async () => {
  await using db = await openRepositories(
    'CREATE TABLE t(id INTEGER PRIMARY KEY, deleted INTEGER DEFAULT 0)',
    'INSERT INTO t(id) VALUES (1)',
    'CREATE TRIGGER soft BEFORE DELETE ON t BEGIN UPDATE t SET deleted = 1 WHERE id = old.id; SELECT RAISE(IGNORE); END',
  )
  const rows = await db.repository('t')

  await expect(rows.delete(1)).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })

  expect(await rows.delete(2)).toBe(false)
  expect(await rows.findById(1)).toEqual({ id: 1, deleted: 0 })
})
