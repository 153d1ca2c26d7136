/** The module that comes with Node.js, every statement prepared once and kept. */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { BUSY_TIMEOUT_MS, onlyValue, readPragmas, settingsFor } from './driver.ts'
import { CREATE, FIND_ALL, FIND_BY_ID, INSERT, READ_COUNTER, SET_LIKES, WRITE_COUNTER } from './items-sql.ts'
import type { Client, Item, NewItem, Synchronous } from './types.ts'

export function openNodeDatabase(path: string, synchronous: Synchronous): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  for (const setting of settingsFor(synchronous)) database.exec(`PRAGMA ${setting}`)
  return database
}

export function openNodeSqlite(path: string, synchronous: Synchronous): Client {
  const database = openNodeDatabase(path, synchronous)
  const findById = database.prepare(FIND_BY_ID)
  const findAll = database.prepare(FIND_ALL)
  const create = database.prepare(CREATE)
  const insert = database.prepare(INSERT)
  const setLikes = database.prepare(SET_LIKES)
  const readCounter = database.prepare(READ_COUNTER)
  const writeCounter = database.prepare(WRITE_COUNTER)

  /** It has no transactions of its own, so the application writes them. */
  function inTransaction(run: () => void): void {
    database.exec('BEGIN IMMEDIATE')
    try {
      run()
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    findById: (id) => row<Item>(findById.get(id)),
    findAll: () => rows<Item>(findAll.all()),
    // Not `get`, which leaves the statement before its end: SQLite would never copy the log back, and it would only grow.
    create: (item) => row<Item>(create.all(parameters(item))[0]) as Item,
    createMany: (items) =>
      inTransaction(() => {
        for (const item of items) insert.run(parameters(item))
      }),
    setLikes: (id, likes) => setLikes.run(likes, id),
    readOne: (sql, values) => database.prepare(sql).all(...values)[0],
    increment: () => inTransaction(() => writeCounter.run(Number(readCounter.get()?.value ?? 0) + 1)),
    pragmas: () => readPragmas((name) => onlyValue(database.prepare(`PRAGMA ${name}`).get())),
    close: () => database.close(),
  }
}

const parameters = (item: NewItem) => item as unknown as Record<string, SQLInputValue>
/** Its types say what a column can hold in general; these statements hold items. */
const row = <T>(found: unknown): T | undefined => found as T | undefined
const rows = <T>(found: unknown): readonly T[] => found as readonly T[]
