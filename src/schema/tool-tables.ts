/** Tables in which other tools keep their own state: histories of migrations, locks, replication marks. */
import { foldName } from './naming.ts'

/** By folded name. */
const TOOL_BY_NAME: ReadonlyMap<string, string> = new Map([
  ['noormme_migrations', 'noormme'],
  ['__drizzle_migrations', 'drizzle'],
  ['_prisma_migrations', 'prisma'],
  ['_prisma_marker', 'prisma'],
  ['_prisma_ledger', 'prisma'],
  ['kysely_migration', 'kysely'],
  ['kysely_migration_lock', 'kysely'],
  ['knex_migrations', 'knex'],
  ['knex_migrations_lock', 'knex'],
  ['typeorm_metadata', 'typeorm'],
  ['mikro_orm_migrations', 'mikro-orm'],
  ['sequelizemeta', 'sequelize'],
  ['d1_migrations', 'd1'],
])

const TOOL_BY_PREFIX: readonly (readonly [prefix: string, tool: string])[] = [
  ['_litestream_', 'litestream'],
  ['_cf_', 'cloudflare'],
  ['libsql_', 'libsql'],
  ['__turso_', 'turso'],
]

/** TypeORM's history has a name that an application's own table may have, so its columns decide. */
const TYPEORM_HISTORY = { name: 'migrations', columns: 'id,timestamp,name' }

/**
 * The tool whose state a table holds, or `null` for a table of the application.
 *
 * @example
 * toolOf('_prisma_migrations', ['id', 'checksum']) // 'prisma'
 */
export function toolOf(table: string, columns: readonly string[]): string | null {
  const name = foldName(table)
  const known = TOOL_BY_NAME.get(name) ?? TOOL_BY_PREFIX.find(([prefix]) => name.startsWith(prefix))?.[1]
  if (known !== undefined) return known
  return name === TYPEORM_HISTORY.name && columns.map(foldName).join() === TYPEORM_HISTORY.columns ? 'typeorm' : null
}
