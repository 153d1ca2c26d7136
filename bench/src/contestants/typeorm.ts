/** TypeORM over better-sqlite3: repositories of entities, without decorators. */
import type Database from 'better-sqlite3'
import { DataSource, EntitySchema } from 'typeorm'
import { applySettings, BUSY_TIMEOUT_MS, onlyValue, readPragmas } from './driver.ts'
import type { Client, Item, Synchronous } from './types.ts'

/** Rows in one INSERT; 6 values each, well under SQLite's 32,766. */
const CHUNK_ROWS = 1000

const items = new EntitySchema<Item>({
  name: 'items',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    artist_id: { type: 'integer' },
    title: { type: 'text' },
    price: { type: 'real' },
    likes: { type: 'integer' },
    status: { type: 'text' },
    created_at: { type: 'text' },
  },
})
const counters = new EntitySchema<{ id: number; value: number }>({
  name: 'counters',
  columns: { id: { type: 'integer', primary: true }, value: { type: 'integer' } },
})

export async function openDataSource(
  path: string,
  synchronous: Synchronous,
  entities: readonly EntitySchema[],
): Promise<DataSource> {
  const source = new DataSource({
    type: 'better-sqlite3',
    database: path,
    entities: [...entities],
    timeout: BUSY_TIMEOUT_MS,
    enableWAL: true,
    prepareDatabase: (database: Database.Database) => applySettings(database, synchronous),
  })
  return source.initialize()
}

export async function openTypeorm(path: string, synchronous: Synchronous): Promise<Client> {
  const source = await openDataSource(path, synchronous, [items, counters])
  const repository = source.getRepository(items)
  const readOne = async (sql: string, parameters: readonly number[]) => (await source.query(sql, [...parameters]))[0]

  return {
    findById: (id) => repository.findOneBy({ id }),
    findAll: () => repository.find(),
    // `insert` writes the key into the object it is given; `save` would read before and open a transaction of two more.
    create: async (item) => {
      const entity = { ...item }
      await repository.insert(entity)
      return entity as Item
    },
    createMany: (rows) =>
      source.transaction(async (manager) => {
        for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
          const chunk = rows.slice(start, start + CHUNK_ROWS)
          // Without writing keys into the objects it is given, as its page on performance advises for many rows.
          await manager.createQueryBuilder().insert().into(items).values(chunk).updateEntity(false).execute()
        }
      }),
    setLikes: (id, likes) => repository.update({ id }, { likes }),
    readOne,
    increment: () =>
      source.transaction(async (manager) => {
        const row = await manager.findOneByOrFail(counters, { id: 1 })
        await manager.update(counters, { id: 1 }, { value: row.value + 1 })
      }),
    pragmas: () => readPragmas(async (name) => onlyValue(await readOne(`PRAGMA ${name}`, []))),
    close: () => source.destroy(),
  }
}
