/**
 * Every call that can be made on a database, by the name that the matrix of states has for it. None changes what another
 * one gives, so all can be made on one database, in any order or at once.
 */
import type { Generated, Kysely } from 'kysely'
import type { NOORMME } from 'noormme'
import { expect } from 'vitest'

export interface User {
  readonly id: number
  readonly name: string
}

/** What is there before a call is made. */
export const TABLES = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES users);
  CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);
  CREATE TABLE gates (passed INTEGER);
  INSERT INTO counters VALUES (1, 5);
  INSERT INTO users VALUES (1, 'Mira'), (2, 'Noor'), (3, 'Ottilie'), (4, 'Per');
  CREATE VIRTUAL TABLE users_search USING fts5(name, content='users', content_rowid='id');
  INSERT INTO users_search (users_search) VALUES ('rebuild');`

export interface Made {
  readonly db: NOORMME
  /** A folder with one migration that has not been applied. */
  readonly migrations: string
}

export interface Call {
  readonly run: (made: Made) => unknown
  /** What it comes to where it works, as far as that is the same everywhere. */
  readonly gives: unknown
}

const SELECT = 'SELECT name FROM users WHERE id = ?'
const MIRA = { id: 1, name: 'Mira' }
const INSERTED = { insertId: expect.any(BigInt) }
const SCHEMA = { tables: expect.arrayContaining([expect.objectContaining({ name: 'users' })]) }
const INSERT = { sql: 'INSERT INTO users (name) VALUES (?)', parameters: ['Ida'] }

const users = ({ db }: Made) => db.getRepository<User>('users')
const kysely = ({ db }: Made) => db.getKysely() as unknown as Kysely<{ users: { id: Generated<number>; name: string } }>

/** The methods of a database. In brackets what tells apart two ways of calling one. */
export const DATABASE_CALLS: Readonly<Record<string, Call>> = {
  initialize: { run: ({ db }) => db.initialize(), gives: undefined },
  isInitialized: { run: ({ db }) => (db.isInitialized() ? 'yes' : 'no'), gives: null },
  getRepository: { run: (made) => typeof users(made).findById, gives: 'function' },
  getKysely: { run: (made) => typeof kysely(made).selectFrom, gives: 'function' },
  'execute (read)': { run: ({ db }) => db.execute(SELECT, [1]), gives: { rows: [{ name: 'Mira' }] } },
  'execute (write)': {
    run: ({ db }) => db.execute(INSERT.sql, INSERT.parameters),
    gives: INSERTED,
  },
  batch: { run: ({ db }) => db.batch([INSERT]), gives: [INSERTED] },
  transaction: {
    run: ({ db }) => db.transaction(async (tx) => (await tx.execute(INSERT.sql, INSERT.parameters)).insertId),
    gives: INSERTED.insertId,
  },
  snapshot: {
    run: ({ db }) => db.snapshot(async (snapshot) => (await snapshot.execute(SELECT, [1])).rows),
    gives: [{ name: 'Mira' }],
  },
  detached: { run: ({ db }) => db.detached(() => 'ran'), gives: 'ran' },
  migrate: {
    run: ({ db, migrations }) => db.migrate(migrations),
    gives: { applied: [{ name: '0001_notes.sql' }], skipped: 0 },
  },
  optimize: { run: async ({ db }) => typeof (await db.optimize()).durationMs, gives: 'number' },
  integrityCheck: { run: ({ db }) => db.integrityCheck(), gives: { ok: true, problems: [] } },
  getSchemaInfo: { run: ({ db }) => db.getSchemaInfo(), gives: SCHEMA },
  refreshSchema: { run: ({ db }) => db.refreshSchema(), gives: SCHEMA },
  startSchemaWatching: { run: ({ db }) => db.startSchemaWatching({ interval: 86_400_000 }), gives: undefined },
  stopSchemaWatching: { run: ({ db }) => db.stopSchemaWatching(), gives: undefined },
  onSchemaChange: { run: ({ db }) => typeof db.onSchemaChange(() => {}), gives: 'function' },
  on: { run: ({ db }) => typeof db.on('query', () => {}), gives: 'function' },
  // On a busy machine the answer may be late, which is told as degraded.
  healthCheck: {
    run: async ({ db }) => (await db.healthCheck()).status.replace('degraded', 'healthy'),
    gives: 'healthy',
  },
  getPerformanceMetrics: { run: async ({ db }) => typeof (await db.getPerformanceMetrics()).queries, gives: 'number' },
  getSQLitePerformanceMetrics: {
    run: async ({ db }) => typeof (await db.getSQLitePerformanceMetrics()).queryCount,
    gives: 'number',
  },
  getMetricsHistory: { run: async ({ db }) => (await db.getMetricsHistory('seconds')).intervalMs, gives: 1_000 },
  getStatementPlan: { run: ({ db }) => db.getStatementPlan('none'), gives: null },
  getConnectionStats: { run: async ({ db }) => (await db.getConnectionStats()).status, gives: 'connected' },
  getSQLiteOptimizations: {
    run: async ({ db }) => typeof (await db.getSQLiteOptimizations()).performanceImpact,
    gives: 'string',
  },
  checkpoint: { run: async ({ db }) => (await db.checkpoint()).mode, gives: 'PASSIVE' },
  close: { run: ({ db }) => db.close(), gives: undefined },
  destroy: { run: ({ db }) => db.destroy(), gives: undefined },
  '[Symbol.asyncDispose]': { run: ({ db }) => db[Symbol.asyncDispose](), gives: undefined },
}

/** The methods of a repository; one finder stands for those of every column. */
export const REPOSITORY_CALLS: Readonly<Record<string, Call>> = {
  findById: { run: (made) => users(made).findById(1), gives: MIRA },
  findOne: { run: (made) => users(made).findOne({ where: { name: 'Mira' } }), gives: MIRA },
  findAll: { run: (made) => users(made).findAll({ where: { id: 1 } }), gives: [MIRA] },
  'findAll (with)': {
    run: (made) => users(made).findAll({ where: { id: 1 }, with: { posts: true } }),
    gives: [{ ...MIRA, posts: [] }],
  },
  findWithRelations: { run: (made) => users(made).findWithRelations(1, ['posts']), gives: { ...MIRA, posts: [] } },
  loadRelationships: {
    run: (made) => users(made).loadRelationships([{ id: 1 }], ['posts']),
    gives: [{ id: 1, posts: [] }],
  },
  withCount: { run: (made) => users(made).withCount(1, ['posts']), gives: { ...MIRA, postsCount: 0 } },
  findByName: { run: (made) => users(made).findByName('Mira'), gives: MIRA },
  count: { run: (made) => users(made).count({ name: 'Mira' }), gives: 1 },
  exists: { run: (made) => users(made).exists(1), gives: true },
  create: { run: (made) => users(made).create({ name: 'Ida' }), gives: { name: 'Ida' } },
  createMany: { run: (made) => users(made).createMany([{ name: 'Ida' }, { name: 'Bo' }]), gives: { count: 2 } },
  'findOrCreate (found)': {
    run: (made) => users(made).findOrCreate({ id: 1, name: 'Mira' }),
    gives: { row: MIRA, created: false },
  },
  'findOrCreate (made)': {
    run: (made) => users(made).findOrCreate({ id: 60, name: 'Ida' }),
    gives: { row: { id: 60 }, created: true },
  },
  upsert: { run: (made) => users(made).upsert({ id: 3, name: 'Ida' }), gives: { id: 3, name: 'Ida' } },
  upsertMany: {
    run: (made) => users(made).upsertMany([{ id: 3, name: 'Ida' }]),
    gives: { count: 1, inserted: 0, updated: 1 },
  },
  updateMany: { run: (made) => users(made).updateMany({ id: 3 }, { name: 'Ida' }), gives: { count: 1 } },
  increment: {
    run: (made) => made.db.getRepository('counters').increment(1, 'n', 0),
    gives: { id: 1, n: 5 },
  },
  deleteMany: { run: (made) => users(made).deleteMany({ id: 99 }), gives: { count: 0 } },
  update: { run: (made) => users(made).update(3, { name: 'Ida' }), gives: { id: 3, name: 'Ida' } },
  delete: { run: (made) => users(made).delete(4), gives: true },
  paginate: { run: (made) => users(made).paginate({ limit: 1 }), gives: { data: [MIRA] } },
  paginateByCursor: { run: (made) => users(made).paginateByCursor({ limit: 1 }), gives: { data: [MIRA] } },
  stream: {
    run: async (made) => {
      const names: string[] = []
      for await (const { name } of users(made).stream({ limit: 2, batchSize: 1 })) names.push(name)
      return names
    },
    gives: ['Mira', 'Noor'],
  },
  search: { run: (made) => users(made).search('mira'), gives: [{ row: MIRA }] },
}

/** Through `getKysely()`. */
export const KYSELY_CALLS: Readonly<Record<string, Call>> = {
  'Kysely select': {
    run: (made) => kysely(made).selectFrom('users').selectAll().where('id', '=', 1).execute(),
    gives: [MIRA],
  },
  'Kysely insert': {
    run: (made) => kysely(made).insertInto('users').values({ name: 'Ida' }).execute(),
    gives: [INSERTED],
  },
  'Kysely transaction': {
    run: (made) =>
      kysely(made)
        .transaction()
        .execute((trx) => trx.insertInto('users').values({ name: 'Ida' }).returningAll().executeTakeFirst()),
    gives: { name: 'Ida' },
  },
  'Kysely stream': {
    run: async (made) => {
      const names: string[] = []
      for await (const { name } of kysely(made)
        .selectFrom('users')
        .selectAll()
        .where('id', '<', 3)
        .orderBy('id')
        .stream(1)) {
        names.push(name)
      }
      return names
    },
    gives: ['Mira', 'Noor'],
  },
}

export const CALLS: Readonly<Record<string, Call>> = { ...DATABASE_CALLS, ...REPOSITORY_CALLS, ...KYSELY_CALLS }
