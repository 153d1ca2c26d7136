/** Clients that write units through every way there is into the database, until they have written their share. */
import type { NOORMME } from '../../../src/index.ts'
import { type Part, UNIT_SCHEMA, unit } from './units.ts'

export interface ClientsOptions {
  /** Number of the first client. */
  readonly first: number
  /** How each client writes. */
  readonly ways: readonly WayName[]
  /** Units for each client; the next call goes on with the numbers behind them. */
  readonly share: number
  readonly payloadBytes: number
  /** Told of a unit when its write has resolved. */
  readonly acknowledge: (client: number, n: number) => void
  /** Acknowledges as soon as the write was asked for, which is the fault that the tests have to find. */
  readonly early: boolean
}

type Way = (db: NOORMME, rows: readonly Part[]) => Promise<unknown>

const INSERT = 'INSERT INTO parts (client, n, part, parts, payload) VALUES (?, ?, ?, ?, ?)'
const insertOf = ({ client, n, part, parts, payload }: Part) => ({
  sql: INSERT,
  parameters: [client, n, part, parts, payload],
})

const createMany: Way = (db, rows) => db.getRepository<Part>('parts').createMany(rows)

export const WAYS = {
  create: { parts: 1, write: (db, rows) => db.getRepository<Part>('parts').create(rows[0] as Part) },
  batch: { parts: 5, write: (db, rows) => db.batch(rows.map(insertOf)) },
  transaction: {
    parts: 6,
    write: (db, rows) =>
      db.transaction(async (tx) => {
        for (const row of rows.slice(0, 3)) await tx.getRepository<Part>('parts').create(row)
        await tx.transaction(async (inner) => {
          for (const row of rows.slice(3)) await inner.execute(insertOf(row).sql, insertOf(row).parameters)
        })
      }),
  },
  createMany: { parts: 40, write: createMany },
  // More than performance.maxBatchSize: several groups in one transaction.
  'createMany of several groups': { parts: 1100, write: createMany },
} as const satisfies Readonly<Record<string, { readonly parts: number; readonly write: Way }>>

export type WayName = keyof typeof WAYS

/** `singles` clients that create one row at a time, and one for each other way. */
export function manyClients(singles: number): readonly WayName[] {
  const others = (Object.keys(WAYS) as WayName[]).filter((name) => name !== 'create')
  return [...Array.from({ length: singles }, () => 'create' as const), ...others]
}

/** Makes the tables where they are missing. */
export async function prepareTables(db: NOORMME): Promise<void> {
  for (const sql of UNIT_SCHEMA) await db.execute(sql)
  await db.refreshSchema()
}

/** All clients at once, each one unit after another, from unit `done + 1` on. */
export async function runClients(db: NOORMME, done: number, options: ClientsOptions): Promise<void> {
  const { first, ways, share, payloadBytes, acknowledge, early } = options
  await Promise.all(
    ways.map(async (name, index) => {
      const way = WAYS[name]
      const client = first + index
      for (let n = done + 1; n <= done + share; n++) {
        const written = way.write(db, unit(client, n, way.parts, payloadBytes))
        if (early) acknowledge(client, n)
        await written
        if (!early) acknowledge(client, n)
      }
    }),
  )
}
