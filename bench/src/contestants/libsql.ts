/** The client of libSQL on a local file: SQL, prepared at each call. It has a SQLite of its own. */
import { createClient, type InArgs, type Client as Libsql } from '@libsql/client'
import { BUSY_TIMEOUT_MS, onlyValue, readPragmas, settingsFor } from './driver.ts'
import { CREATE, FIND_ALL, FIND_BY_ID, INSERT, READ_COUNTER, SET_LIKES, WRITE_COUNTER } from './items-sql.ts'
import type { Client, Item, NewItem, Synchronous } from './types.ts'

/** One connection: it cannot be told to set anything on those that it opens later, and a file's calls do not overlap anyway. */
export async function openLibsqlClient(path: string, synchronous: Synchronous): Promise<Libsql> {
  const client = createClient({ url: `file:${path}`, concurrency: 1, timeout: BUSY_TIMEOUT_MS })
  for (const setting of settingsFor(synchronous)) await client.execute(`PRAGMA ${setting}`)
  return client
}

export async function openLibsql(path: string, synchronous: Synchronous): Promise<Client> {
  const client = await openLibsqlClient(path, synchronous)
  const readOne = async (sql: string, parameters: readonly number[]) =>
    (await client.execute(sql, [...parameters])).rows[0]

  return {
    findById: async (id) => (await client.execute(FIND_BY_ID, [id])).rows[0] as Item | undefined,
    findAll: async () => (await client.execute(FIND_ALL)).rows as unknown as Item[],
    create: async (item) => (await client.execute(CREATE, named(item))).rows[0] as unknown as Item,
    createMany: (items) =>
      client.batch(
        items.map((item) => ({ sql: INSERT, args: named(item) })),
        'write',
      ),
    setLikes: (id, likes) => client.execute(SET_LIKES, [likes, id]),
    readOne,
    increment: async () => {
      const transaction = await client.transaction('write')
      try {
        const counter = (await transaction.execute(READ_COUNTER)).rows[0]
        await transaction.execute({ sql: WRITE_COUNTER, args: [Number(counter?.value ?? 0) + 1] })
        await transaction.commit()
      } finally {
        transaction.close()
      }
    },
    pragmas: () => readPragmas(async (name) => onlyValue(await readOne(`PRAGMA ${name}`, []))),
    close: () => client.close(),
  }
}

const named = (item: NewItem): InArgs => ({ ...item })
