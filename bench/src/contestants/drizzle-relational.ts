/**
 * Drizzle's relational queries (`db.query.items.findFirst`), built where they are used or prepared: what its own
 * benchmark measures, and slower than its `select`. Everything but reading is Drizzle's as in the other files.
 */
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { openDriver } from './driver.ts'
import { drizzleClient } from './drizzle.ts'
import { items } from './drizzle-tables.ts'
import type { Client, Synchronous } from './types.ts'

export function openDrizzleRelational(path: string, synchronous: Synchronous): Client {
  const driver = openDriver(path, synchronous)
  const db = drizzle({ client: driver, schema: { items } })

  return {
    ...drizzleClient(driver),
    findById: (id) => db.query.items.findFirst({ where: eq(items.id, id) }),
    findAll: () => db.query.items.findMany(),
  }
}

export function openDrizzleRelationalPrepared(path: string, synchronous: Synchronous): Client {
  const driver = openDriver(path, synchronous)
  const db = drizzle({ client: driver, schema: { items } })
  const findById = db.query.items.findFirst({ where: eq(items.id, sql.placeholder('id')) }).prepare()
  const findAll = db.query.items.findMany().prepare()

  return {
    ...drizzleClient(driver),
    findById: (id) => findById.execute({ id }),
    findAll: () => findAll.execute(),
  }
}
