/** noormme through its public names: repositories, `execute`, `transaction`. */
import { NOORMME } from 'noormme'
import type { BenchTables, Client, OpenClient, Pragmas, Synchronous } from './types.ts'

export const openNoormme: OpenClient = (path, synchronous) => open(path, synchronous, { enableCaching: false })

export const openNoormmeCaching: OpenClient = (path, synchronous) => open(path, synchronous, { enableCaching: true })

async function open(
  path: string,
  synchronous: Synchronous,
  performance: { readonly enableCaching: boolean },
): Promise<Client> {
  const db = new NOORMME<BenchTables>({
    dialect: 'sqlite',
    connection: { database: path },
    optimization: { synchronous },
    performance,
  })
  await db.initialize()
  const items = db.getRepository('items')

  return {
    kysely: db.getKysely(),
    findById: (id) => items.findById(id),
    findAll: () => items.findAll(),
    create: (item) => items.create(item),
    createMany: (rows) => items.createMany(rows),
    setLikes: (id, likes) => items.update(id, { likes }),
    readOne: async (sql, parameters) => (await db.execute(sql, parameters)).rows[0],
    increment: () =>
      db.transaction(async (tx) => {
        const counters = tx.getRepository('counters')
        const row = await counters.findById(1)
        await counters.update(1, { value: (row?.value ?? 0) + 1 })
      }),
    pragmas: () => writerPragmas(db),
    close: () => db.close(),
  }
}

async function writerPragmas(db: NOORMME<BenchTables>): Promise<Pragmas> {
  const { connections } = await db.getConnectionStats()
  const pragmas = connections.find(({ label }) => label === 'writer')?.pragmas
  if (pragmas === null || pragmas === undefined) throw new Error('the writer has reported no settings')
  return {
    journal_mode: pragmas.journal_mode,
    synchronous: pragmas.synchronous === 'FULL' ? 'FULL' : 'NORMAL',
    cache_size: pragmas.cache_size,
    foreign_keys: pragmas.foreign_keys,
    mmap_size: pragmas.mmap_size,
    journal_size_limit: pragmas.journal_size_limit,
    page_size: pragmas.page_size,
  }
}
