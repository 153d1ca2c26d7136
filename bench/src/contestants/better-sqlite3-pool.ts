/** better-sqlite3 in worker threads: one that writes, and readers, as many as it starts by itself. */
import pool from 'better-sqlite3-pool'
import { BUSY_TIMEOUT_MS, onlyValue, readPragmas, settingsFor } from './driver.ts'
import { CREATE, FIND_ALL, FIND_BY_ID, INSERT, READ_COUNTER, SET_LIKES, WRITE_COUNTER } from './items-sql.ts'
import type { Client, Item, Synchronous } from './types.ts'

export async function openPool(path: string, synchronous: Synchronous) {
  const database = await pool.create(path, { timeout: BUSY_TIMEOUT_MS })
  for (const setting of settingsFor(synchronous)) await database.pragma(setting)
  return database
}

export async function openBetterSqlite3Pool(path: string, synchronous: Synchronous): Promise<Client> {
  const database = await openPool(path, synchronous)
  const findById = database.prepare(FIND_BY_ID)
  const findAll = database.prepare(FIND_ALL)
  const create = database.prepare(CREATE)
  const insert = database.prepare(INSERT)
  const setLikes = database.prepare(SET_LIKES)
  const readCounter = database.prepare(READ_COUNTER)
  const writeCounter = database.prepare(WRITE_COUNTER)
  const increment = database.transaction(async () => {
    const row = await readCounter.get<{ readonly value: number }>()
    await writeCounter.run((row?.value ?? 0) + 1)
  })

  return {
    findById: (id) => findById.get<Item>(id),
    findAll: () => findAll.all<Item>(),
    create: async (item) => (await create.get<Item>(item)) as Item,
    createMany: (items) =>
      database.transaction(async () => {
        for (const item of items) await insert.run(item)
      })(),
    setLikes: (id, likes) => setLikes.run(likes, id),
    readOne: (sql, parameters) => database.prepare(sql).get(...parameters),
    increment: async () => {
      await increment.immediate()
    },
    pragmas: () => readPragmas(async (name) => onlyValue(await database.pragma(name, { simple: true }))),
    close: async () => {
      await database.close()
    },
  }
}
