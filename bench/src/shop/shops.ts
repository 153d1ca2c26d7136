/** The shop of every contestant that has one. A trial loads the one it needs. */
import type { ContestantName } from '../contestants/contestants.ts'
import type { OpenShop } from './types.ts'

const SHOPS: Readonly<Partial<Record<ContestantName, () => Promise<OpenShop>>>> = {
  noormme: async () => (await import('./noormme.ts')).openNoormmeShop,
  'better-sqlite3': async () => (await import('./better-sqlite3.ts')).openBetterSqlite3Shop,
  'drizzle prepared': async () => (await import('./drizzle.ts')).openDrizzlePreparedShop,
  drizzle: async () => (await import('./drizzle.ts')).openDrizzleShop,
  kysely: async () => (await import('./kysely.ts')).openKyselyShop,
  knex: async () => (await import('./knex.ts')).openKnexShop,
  typeorm: async () => (await import('./typeorm.ts')).openTypeormShop,
  'mikro-orm': async () => (await import('./mikro-orm.ts')).openMikroOrmShop,
  prisma: async () => (await import('./prisma.ts')).openPrismaShop,
  libsql: async () => (await import('./libsql.ts')).openLibsqlShop,
  'node:sqlite': async () => (await import('./node-sqlite.ts')).openNodeSqliteShop,
  'better-sqlite3-pool': async () => (await import('./better-sqlite3-pool.ts')).openBetterSqlite3PoolShop,
}

export async function loadShop(contestant: ContestantName): Promise<OpenShop> {
  const load = SHOPS[contestant]
  if (load === undefined) throw new Error(`${contestant} has no shop`)
  return load()
}
