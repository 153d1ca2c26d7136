/** What a shop needs of its database: orders over several tables, stock that is never sold twice. */
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

async function openShop(stock: number) {
  const { db } = tempDatabase()
  for (const sql of [
    'CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT NOT NULL, stock INTEGER NOT NULL)',
    'CREATE TABLE orders (id INTEGER PRIMARY KEY, buyer TEXT NOT NULL)',
    `CREATE TABLE order_lines (
      order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
      work_id INTEGER NOT NULL REFERENCES works (id), PRIMARY KEY (order_id, work_id))`,
  ]) {
    await db.execute(sql)
  }
  await db.refreshSchema()
  await db.getRepository('works').create({ id: 1, title: 'Moon', stock })
  const stockLeft = async () => (await db.getRepository<{ stock: number }>('works').findById(1))?.stock
  return { db, stockLeft }
}

class SoldOut extends Error {}

type Shop = Awaited<ReturnType<typeof openShop>>['db']

/** With repositories inside, as an application would write it. */
function buy(db: Shop, buyer: string): Promise<number> {
  return db.transaction(async (tx) => {
    const works = tx.getRepository<{ id: number; stock: number }>('works')
    const work = await works.findById(1)
    if (work === null || work.stock === 0) throw new SoldOut()
    await works.update(1, { stock: work.stock - 1 })
    const { id } = await tx.getRepository<{ id: number; buyer: string }>('orders').create({ buyer })
    await tx.getRepository('order_lines').create({ order_id: id, work_id: 1 })
    return id
  })
}

test('sell each piece once, however many buyers come at the same moment', async () => {
  const { db, stockLeft } = await openShop(10)
  const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, index) => buy(db, `buyer ${index}`)))

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(SoldOut)
  expect(await stockLeft()).toBe(0)
  expect(await db.getRepository('orders').count()).toBe(10)
  expect(await db.getRepository('order_lines').count()).toBe(10)
})

test('take one from stock with a single statement that cannot go below zero', async () => {
  const { db, stockLeft } = await openShop(3)
  const take = async () => {
    const taken = await db.execute('UPDATE works SET stock = stock - 1 WHERE id = 1 AND stock > 0 RETURNING stock')
    return taken.rows.length
  }
  const taken = await Promise.all(Array.from({ length: 10 }, take))
  expect(taken.filter((count) => count === 1)).toHaveLength(3)
  expect(await stockLeft()).toBe(0)
})

test('take from stock and lay the order down in one go, and let the table say when nothing is left', async () => {
  const { db, stockLeft } = await openShop(3)
  await db.execute(
    "CREATE TRIGGER never_below_zero BEFORE UPDATE OF stock ON works WHEN new.stock < 0 BEGIN SELECT RAISE(ABORT, 'sold out'); END",
  )
  await db.refreshSchema()
  const order = (buyer: string) =>
    db.transaction(async (tx) => {
      await tx.getRepository('works').increment(1, 'stock', -1)
      const lines = [{ work_id: 1 }]
      return tx.getRepository('orders').create<{ order_lines: object[] }>({ buyer, order_lines: lines })
    })
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => order(`buyer ${index}`)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  expect(await stockLeft()).toBe(0)
  expect(await db.getRepository('orders').count({ order_lines: { none: {} } })).toBe(0)
  expect(await db.getRepository('order_lines').count()).toBe(3)
})

test('leave nothing of an order behind whose last step fails', async () => {
  const { db, stockLeft } = await openShop(5)
  const failing = db.transaction(async (tx) => {
    await tx.execute('UPDATE works SET stock = stock - 1 WHERE id = 1')
    const { id } = await tx.getRepository<{ id: number }>('orders').create({ buyer: 'someone' } as object)
    await tx.getRepository('order_lines').create({ order_id: id, work_id: 77 })
  })
  await expect(failing).rejects.toMatchObject({ code: 'NOORMME_FOREIGN_KEY' })
  expect(await stockLeft()).toBe(5)
  expect(await db.getRepository('orders').count()).toBe(0)
})

test('try one part of an order and go on without it', async () => {
  const { db } = await openShop(1)
  await db.transaction(async (tx) => {
    const { id } = await tx.getRepository<{ id: number }>('orders').create({ buyer: 'someone' } as object)
    const gift = tx.transaction(async (inner) => {
      await inner.getRepository('works').create({ id: 2, title: 'Gift', stock: 1 })
      await inner.getRepository('order_lines').create({ order_id: id, work_id: 77 })
    })
    await gift.catch(() => {})
    await tx.getRepository('order_lines').create({ order_id: id, work_id: 1 })
  })
  expect(await db.getRepository('works').count()).toBe(1)
  expect(await db.getRepository('order_lines').count()).toBe(1)
})

test('remove an order with all that belongs to it, and keep what others still need', async () => {
  const { db } = await openShop(2)
  const id = await buy(db, 'someone')
  await expect(db.getRepository('works').delete(1)).rejects.toMatchObject({ code: 'NOORMME_FOREIGN_KEY' })
  expect(await db.getRepository('orders').delete(id)).toBe(true)
  expect(await db.getRepository('order_lines').count()).toBe(0)
})
