/**
 * Small programs in plain JavaScript, one for each contestant, as an application would write them: for what the packages
 * themselves cost to load and keep. In a trial's own process much of them is loaded already.
 */
import type { ContestantName } from '../contestants/contestants.ts'

export interface Program {
  /** Import statements; `await import` in them would not be what applications do. */
  readonly imports: readonly string[]
  /** Opens the file of `path`. */
  readonly open: string
  /** An expression that reads the item with the key 1; it is awaited. */
  readonly findFirst: string
  /** Runs the SQL in the constants `WRITE`, which returns nothing, and `OCCUPY`, which returns a row. */
  readonly write: string
  readonly occupy: string
  readonly close: string
}

const ITEM = "'SELECT * FROM items WHERE id = 1'"
const DRIZZLE_TABLE = `const items = sqliteTable('items', {
    id: integer('id').primaryKey(), artist_id: integer('artist_id').notNull(), title: text('title').notNull(),
    price: real('price').notNull(), likes: integer('likes').notNull(), status: text('status').notNull(),
    created_at: text('created_at').notNull(),
  })`
const onDriver = {
  write: 'driver.prepare(WRITE).run()',
  occupy: 'driver.prepare(OCCUPY).get()',
  close: 'driver.close()',
}
const drizzle = (findFirst: string): Program => ({
  ...onDriver,
  imports: [
    "import Database from 'better-sqlite3'",
    "import { eq } from 'drizzle-orm'",
    "import { drizzle } from 'drizzle-orm/better-sqlite3'",
    "import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'",
  ],
  open: `const driver = new Database(path)
  ${DRIZZLE_TABLE}
  const db = drizzle({ client: driver })`,
  findFirst,
})

export const PROGRAMS: Readonly<Partial<Record<ContestantName, Program>>> = {
  noormme: {
    imports: ["import { NOORMME } from 'noormme'"],
    open: `const db = new NOORMME(path)
  await db.initialize()`,
    findFirst: "db.getRepository('items').findById(1)",
    write: 'await db.execute(WRITE)',
    // As many readers as a small service has.
    occupy: `await Promise.all([1, 2, 3].map(() => db.execute(OCCUPY)))
  const { connections } = await db.getConnectionStats()
  const readers = connections.filter(({ label }) => label.startsWith('reader-')).length
  if (readers !== 3) throw new Error(readers + ' readers are running')`,
    close: 'await db.close()',
  },
  'better-sqlite3': {
    ...onDriver,
    imports: ["import Database from 'better-sqlite3'"],
    open: 'const driver = new Database(path)',
    findFirst: `driver.prepare(${ITEM}).get()`,
  },
  'drizzle prepared': drizzle('db.select().from(items).where(eq(items.id, 1)).prepare().get()'),
  drizzle: drizzle('db.select().from(items).where(eq(items.id, 1)).get()'),
  kysely: {
    ...onDriver,
    imports: ["import Database from 'better-sqlite3'", "import { Kysely, SqliteDialect } from 'kysely'"],
    open: `const driver = new Database(path)
  const db = new Kysely({ dialect: new SqliteDialect({ database: driver }) })`,
    findFirst: "db.selectFrom('items').selectAll().where('id', '=', 1).executeTakeFirst()",
  },
  knex: {
    imports: ["import knex from 'knex'"],
    open: "const db = knex({ client: 'better-sqlite3', connection: { filename: path }, useNullAsDefault: true })",
    findFirst: "db('items').where({ id: 1 }).first()",
    write: 'await db.raw(WRITE)',
    occupy: 'await db.raw(OCCUPY)',
    close: 'await db.destroy()',
  },
  typeorm: {
    imports: ["import { DataSource, EntitySchema } from 'typeorm'"],
    open: `const items = new EntitySchema({
    name: 'items',
    columns: {
      id: { type: 'integer', primary: true }, artist_id: { type: 'integer' }, title: { type: 'text' },
      price: { type: 'real' }, likes: { type: 'integer' }, status: { type: 'text' }, created_at: { type: 'text' },
    },
  })
  const db = await new DataSource({ type: 'better-sqlite3', database: path, entities: [items] }).initialize()`,
    findFirst: 'db.getRepository(items).findOneBy({ id: 1 })',
    write: 'await db.query(WRITE)',
    occupy: 'await db.query(OCCUPY)',
    close: 'await db.destroy()',
  },
  'mikro-orm': {
    imports: ["import { defineEntity, MikroORM, p } from '@mikro-orm/sqlite'"],
    open: `const Items = defineEntity({
    name: 'Items', tableName: 'items',
    properties: {
      id: p.integer().primary(), artist_id: p.integer(), title: p.text(), price: p.float(), likes: p.integer(),
      status: p.text(), created_at: p.text(),
    },
  })
  const db = await MikroORM.init({ entities: [Items], dbName: path })`,
    findFirst: 'db.em.fork().findOne(Items, { id: 1 })',
    write: 'await db.em.getConnection().execute(WRITE)',
    occupy: 'await db.em.getConnection().execute(OCCUPY)',
    close: 'await db.close(true)',
  },
  prisma: {
    imports: [
      "import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'",
      "import { PrismaClient } from './generated/items/client.js'",
    ],
    open: "const db = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: 'file:' + path }) })",
    findFirst: 'db.items.findUnique({ where: { id: 1 } })',
    write: 'await db.$executeRawUnsafe(WRITE)',
    occupy: 'await db.$queryRawUnsafe(OCCUPY)',
    close: 'await db.$disconnect()',
  },
  libsql: {
    imports: ["import { createClient } from '@libsql/client'"],
    open: "const db = createClient({ url: 'file:' + path })",
    findFirst: `db.execute(${ITEM})`,
    write: 'await db.execute(WRITE)',
    occupy: 'await db.execute(OCCUPY)',
    close: 'db.close()',
  },
  'node:sqlite': {
    ...onDriver,
    imports: ["import { DatabaseSync } from 'node:sqlite'"],
    open: 'const driver = new DatabaseSync(path)',
    findFirst: `driver.prepare(${ITEM}).get()`,
  },
  'better-sqlite3-pool': {
    imports: ["import pool from 'better-sqlite3-pool'"],
    open: 'const db = await pool.create(path)',
    findFirst: `db.prepare(${ITEM}).get()`,
    write: 'await db.prepare(WRITE).run()',
    occupy: 'await Promise.all([1, 2, 3].map(() => db.prepare(OCCUPY).get()))',
    close: 'await db.close()',
  },
}

export function programOf(contestant: ContestantName): Program {
  const program = PROGRAMS[contestant]
  if (program === undefined) throw new Error(`there is no program with ${contestant}`)
  return program
}
