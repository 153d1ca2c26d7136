/** Kysely over its own SQLite dialect. */
import { Kysely, SqliteDialect } from 'kysely'
import { driverPragmas, openDriver } from './driver.ts'
import type { BenchTables, Client, Synchronous } from './types.ts'

/** Rows in one INSERT; 6 values each, well under SQLite's 32,766. */
const CHUNK_ROWS = 1000

export function openKysely(path: string, synchronous: Synchronous): Client {
  const driver = openDriver(path, synchronous)
  const db = new Kysely<BenchTables>({ dialect: new SqliteDialect({ database: driver }) })

  return {
    kysely: db,
    findById: (id) => db.selectFrom('items').selectAll().where('id', '=', id).executeTakeFirst(),
    findAll: () => db.selectFrom('items').selectAll().execute(),
    create: (item) => db.insertInto('items').values(item).returningAll().executeTakeFirstOrThrow(),
    createMany: (rows) =>
      db.transaction().execute(async (trx) => {
        for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
          await trx
            .insertInto('items')
            .values(rows.slice(start, start + CHUNK_ROWS))
            .execute()
        }
      }),
    setLikes: (id, likes) => db.updateTable('items').set({ likes }).where('id', '=', id).execute(),
    readOne: (sql, parameters) => driver.prepare(sql).all(...parameters)[0],
    increment: () =>
      db.transaction().execute(async (trx) => {
        const row = await trx.selectFrom('counters').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
        await trx
          .updateTable('counters')
          .set({ value: row.value + 1 })
          .where('id', '=', 1)
          .execute()
      }),
    pragmas: () => driverPragmas(driver),
    close: () => db.destroy(),
  }
}
