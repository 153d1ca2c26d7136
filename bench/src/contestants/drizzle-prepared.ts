/** Drizzle with every query prepared once and kept, as its page on performance advises. */
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { driverPragmas, openDriver } from './driver.ts'
import { counters, items } from './drizzle-tables.ts'
import type { Client, Item, Synchronous } from './types.ts'

export function openDrizzlePrepared(path: string, synchronous: Synchronous): Client {
  const driver = openDriver(path, synchronous)
  const db = drizzle({ client: driver })
  const values = {
    artist_id: sql.placeholder('artist_id'),
    title: sql.placeholder('title'),
    price: sql.placeholder('price'),
    likes: sql.placeholder('likes'),
    status: sql.placeholder('status'),
    created_at: sql.placeholder('created_at'),
  }
  const findById = db
    .select()
    .from(items)
    .where(eq(items.id, sql.placeholder('id')))
    .prepare()
  const findAll = db.select().from(items).prepare()
  const create = db.insert(items).values(values).returning().prepare()
  const insert = db.insert(items).values(values).prepare()
  const setLikes = db
    .update(items)
    .set({ likes: sql`${sql.placeholder('likes')}` })
    .where(eq(items.id, sql.placeholder('id')))
    .prepare()
  const readCounter = db.select().from(counters).where(eq(counters.id, 1)).prepare()
  const writeCounter = db
    .update(counters)
    .set({ value: sql`${sql.placeholder('value')}` })
    .where(eq(counters.id, 1))
    .prepare()

  return {
    findById: (id) => findById.get({ id }),
    findAll: () => findAll.all(),
    // Not `get`, which leaves the statement before its end: SQLite would never copy the log back, and it would only grow.
    create: (item) => create.all({ ...item })[0] as Item,
    createMany: (rows) =>
      db.transaction(() => {
        for (const row of rows) insert.run({ ...row })
      }),
    setLikes: (id, likes) => setLikes.run({ id, likes }),
    readOne: (text, parameters) => driver.prepare(text).all(...parameters)[0],
    increment: () =>
      db.transaction(() => {
        writeCounter.run({ value: (readCounter.get()?.value ?? 0) + 1 })
      }),
    pragmas: () => driverPragmas(driver),
    close: () => {
      driver.close()
    },
  }
}
