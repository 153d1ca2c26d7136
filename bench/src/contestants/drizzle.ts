/** Drizzle as its first pages show it: queries built where they are used. */
import type Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { driverPragmas, openDriver } from './driver.ts'
import { counters, items } from './drizzle-tables.ts'
import type { Client, Item, NewItem, Synchronous } from './types.ts'

/** Rows in one INSERT; 6 values each, well under SQLite's 32,766. */
const CHUNK_ROWS = 1000

export function openDrizzle(path: string, synchronous: Synchronous): Client {
  return drizzleClient(openDriver(path, synchronous))
}

export function drizzleClient(driver: Database.Database): Client {
  const db = drizzle({ client: driver })

  return {
    findById: (id) => db.select().from(items).where(eq(items.id, id)).get(),
    findAll: () => db.select().from(items).all(),
    // Not `get`, which leaves the statement before its end: SQLite would never copy the log back, and it would only grow.
    create: (item) => db.insert(items).values(item).returning().all()[0] as Item,
    createMany: (rows: readonly NewItem[]) =>
      db.transaction((tx) => {
        for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
          tx.insert(items)
            .values(rows.slice(start, start + CHUNK_ROWS))
            .run()
        }
      }),
    setLikes: (id, likes) => db.update(items).set({ likes }).where(eq(items.id, id)).run(),
    readOne: (sql, parameters) => driver.prepare(sql).all(...parameters)[0],
    increment: () =>
      db.transaction((tx) => {
        const row = tx.select().from(counters).where(eq(counters.id, 1)).get()
        tx.update(counters)
          .set({ value: (row?.value ?? 0) + 1 })
          .where(eq(counters.id, 1))
          .run()
      }),
    pragmas: () => driverPragmas(driver),
    close: () => {
      driver.close()
    },
  }
}
