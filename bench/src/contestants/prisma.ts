/** Prisma over its adapter for better-sqlite3; its client is generated before a run from prisma/items.prisma. */
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from '../../generated/items/client.js'
import { BUSY_TIMEOUT_MS, onlyValue, readPragmas, settingsFor } from './driver.ts'
import type { Client, Synchronous } from './types.ts'

/** Rows in one call; all at once would be slower and take a gigabyte. */
const CHUNK_ROWS = 5000

export function openPrismaAdapter(path: string): PrismaBetterSqlite3 {
  return new PrismaBetterSqlite3({ url: `file:${path}`, timeout: BUSY_TIMEOUT_MS })
}

interface RawQueries {
  $queryRawUnsafe(sql: string): Promise<unknown>
}

export async function setUp(db: RawQueries, synchronous: Synchronous): Promise<void> {
  for (const setting of settingsFor(synchronous)) await db.$queryRawUnsafe(`PRAGMA ${setting}`)
}

export async function openPrisma(path: string, synchronous: Synchronous): Promise<Client> {
  const db = new PrismaClient({ adapter: openPrismaAdapter(path) })
  await setUp(db, synchronous)
  const readOne = async (sql: string, parameters: readonly number[]) =>
    (await db.$queryRawUnsafe<unknown[]>(sql, ...parameters))[0]

  return {
    findById: (id) => db.items.findUnique({ where: { id } }),
    findAll: () => db.items.findMany(),
    create: (item) => db.items.create({ data: item }),
    createMany: (items) =>
      db.$transaction(
        async (tx) => {
          for (let start = 0; start < items.length; start += CHUNK_ROWS) {
            await tx.items.createMany({ data: items.slice(start, start + CHUNK_ROWS) })
          }
        },
        { timeout: 120_000 },
      ),
    setLikes: (id, likes) => db.items.update({ where: { id }, data: { likes } }),
    readOne,
    increment: () =>
      db.$transaction(async (tx) => {
        const row = await tx.counters.findUniqueOrThrow({ where: { id: 1 } })
        await tx.counters.update({ where: { id: 1 }, data: { value: row.value + 1 } })
      }),
    pragmas: () => readPragmas(async (name) => onlyValue(await readOne(`PRAGMA ${name}`, []))),
    close: () => db.$disconnect(),
  }
}
