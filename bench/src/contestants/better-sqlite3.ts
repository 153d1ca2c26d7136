/** better-sqlite3 as it is used where speed matters: every statement prepared once and kept. */
import { driverPragmas, openDriver } from './driver.ts'
import { CREATE, FIND_ALL, FIND_BY_ID, INSERT, READ_COUNTER, SET_LIKES, WRITE_COUNTER } from './items-sql.ts'
import type { Client, Item, NewItem, Synchronous } from './types.ts'

export function openBetterSqlite3(path: string, synchronous: Synchronous): Client {
  return openWith(path, synchronous, 'deferred')
}

/** The same with the transactions that whoever knows SQLite asks for. */
export function openBetterSqlite3Immediate(path: string, synchronous: Synchronous): Client {
  return openWith(path, synchronous, 'immediate')
}

function openWith(path: string, synchronous: Synchronous, begin: 'deferred' | 'immediate'): Client {
  const database = openDriver(path, synchronous)
  const findById = database.prepare<[number], Item>(FIND_BY_ID)
  const findAll = database.prepare<[], Item>(FIND_ALL)
  const create = database.prepare<[NewItem], Item>(CREATE)
  const insert = database.prepare<[NewItem]>(INSERT)
  const setLikes = database.prepare<[number, number]>(SET_LIKES)
  const readCounter = database.prepare<[], { readonly value: number }>(READ_COUNTER)
  const writeCounter = database.prepare<[number]>(WRITE_COUNTER)

  const createMany = database.transaction((items: readonly NewItem[]) => {
    for (const item of items) insert.run(item)
  })
  const increment = database.transaction(() => {
    writeCounter.run((readCounter.get()?.value ?? 0) + 1)
  })

  return {
    findById: (id) => findById.get(id),
    findAll: () => findAll.all(),
    // Not `get`, which leaves the statement before its end: SQLite would never copy the log back, and it would only grow.
    create: (item) => create.all(item)[0] as Item,
    createMany: (items) => createMany(items),
    setLikes: (id, likes) => setLikes.run(likes, id),
    readOne: (sql, parameters) => database.prepare(sql).all(...parameters)[0],
    increment: () => increment[begin](),
    pragmas: () => driverPragmas(database),
    close: () => {
      database.close()
    },
  }
}
