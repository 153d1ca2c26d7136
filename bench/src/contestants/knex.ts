/** Knex over better-sqlite3: queries built where they are used. */
import type Database from 'better-sqlite3'
import knex, { type Knex } from 'knex'
import { applySettings, onlyValue, readPragmas } from './driver.ts'
import type { Client, Synchronous } from './types.ts'

/** Its bulk insert fails with more than 500 rows in a statement: SQLite has a limit for the terms of a compound SELECT. */
const CHUNK_ROWS = 500

export function openKnexClient(path: string, synchronous: Synchronous): Knex {
  return knex({
    client: 'better-sqlite3',
    connection: { filename: path },
    useNullAsDefault: true,
    pool: {
      afterCreate(database: Database.Database, done: (error: Error | null, connection: unknown) => void) {
        applySettings(database, synchronous)
        done(null, database)
      },
    },
  })
}

export function openKnex(path: string, synchronous: Synchronous): Client {
  const db = openKnexClient(path, synchronous)
  const readOne = async (sql: string, parameters: readonly number[]) => (await db.raw(sql, [...parameters]))[0]

  return {
    findById: (id) => db('items').where({ id }).first(),
    findAll: () => db('items').select(),
    create: async (item) => (await db('items').insert(item).returning('*'))[0],
    createMany: (items) => db.batchInsert('items', [...items], CHUNK_ROWS),
    setLikes: (id, likes) => db('items').where({ id }).update({ likes }),
    readOne,
    increment: () =>
      db.transaction(async (trx) => {
        const row = await trx('counters').where({ id: 1 }).first()
        await trx('counters')
          .where({ id: 1 })
          .update({ value: row.value + 1 })
      }),
    pragmas: () => readPragmas(async (name) => onlyValue(await readOne(`PRAGMA ${name}`, []))),
    close: () => db.destroy(),
  }
}
