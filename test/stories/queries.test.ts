/** What goes beyond repositories: joins, aggregates, names in another style, tables too large for memory. */
import { CamelCasePlugin, type Generated, type Kysely, sql } from 'kysely'
import { NOORMME } from 'noormme'
import { expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

interface Tables {
  users: { id: Generated<number>; first_name: string }
  posts: { id: Generated<number>; user_id: number; title: string; created_at: string; views: number }
}

const TABLES = [
  'CREATE TABLE users (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL)',
  `CREATE TABLE posts (
    id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), title TEXT NOT NULL, created_at TEXT NOT NULL,
    views INTEGER NOT NULL DEFAULT 0)`,
  "INSERT INTO users VALUES (1, 'Ada'), (2, 'Bea'), (3, 'Cleo')",
  `INSERT INTO posts VALUES (1, 1, 'First', '2026-01-01T08:00:00.000Z', 5), (2, 1, 'Second', '2026-01-01T09:00:00.000Z', 7),
    (3, 2, 'Third', '2026-01-02T08:00:00.000Z', 1)`,
]

async function openBlog() {
  const { path } = tempDatabase()
  const db = new NOORMME<Tables>(path)
  onTestFinished(() => db.close())
  for (const statement of TABLES) await db.execute(statement)
  await db.refreshSchema()
  return { db, kysely: db.getKysely() }
}

test('join, count and sum with types, and keep users who have written nothing', async () => {
  const { kysely } = await openBlog()
  const rows = await kysely
    .selectFrom('users')
    .leftJoin('posts', 'posts.user_id', 'users.id')
    .select(({ fn }) => ['first_name', fn.count<number>('posts.id').as('posts'), fn.sum<number>('views').as('views')])
    .groupBy('users.id')
    .orderBy('posts', 'desc')
    .execute()
  expectTypeOf(rows).toEqualTypeOf<{ first_name: string; posts: number; views: number }[]>()
  expect(rows).toEqual([
    { first_name: 'Ada', posts: 2, views: 12 },
    { first_name: 'Bea', posts: 1, views: 1 },
    { first_name: 'Cleo', posts: 0, views: null },
  ])
})

test('ask with common table expressions and EXISTS', async () => {
  const { kysely } = await openBlog()
  const popular = kysely.with('popular', (db) => db.selectFrom('posts').selectAll().where('views', '>', 4))
  expect(await popular.selectFrom('popular').select('title').orderBy('id').execute()).toEqual([
    { title: 'First' },
    { title: 'Second' },
  ])
  const silent = await kysely
    .selectFrom('users')
    .select('first_name')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('posts').select('posts.id').whereRef('posts.user_id', '=', 'users.id'))),
    )
    .execute()
  expect(silent).toEqual([{ first_name: 'Cleo' }])
})

test('count posts per day', async () => {
  const { kysely } = await openBlog()
  const day = sql<string>`date(created_at)`
  const days = await kysely
    .selectFrom('posts')
    .select(({ fn }) => [day.as('day'), fn.countAll<number>().as('posts')])
    .groupBy(day)
    .orderBy('day')
    .execute()
  expect(days).toEqual([
    { day: '2026-01-01', posts: 2 },
    { day: '2026-01-02', posts: 1 },
  ])
})

test('have rows typed by the tables, without a cast', async () => {
  const { db } = await openBlog()
  const user = await db.getRepository('users').findById(1)
  expectTypeOf(user?.first_name).toEqualTypeOf<string | undefined>()
  // @ts-expect-error: there is no such column
  expect(user?.name).toBeUndefined()
  const posts = await db.getRepository('posts').findManyByUserId(1)
  expectTypeOf(posts[0]?.title).toEqualTypeOf<string | undefined>()
  expect(posts.map(({ title }) => title).sort()).toEqual(['First', 'Second'])
})

test('write camelCase in code where the columns are in snake_case', async () => {
  interface CamelTables {
    users: { id: Generated<number>; firstName: string }
    posts: { id: Generated<number>; userId: number; title: string; createdAt: string; views: Generated<number> }
  }
  const { db } = tempDatabase({ kysely: { plugins: [new CamelCasePlugin()] } })
  for (const statement of TABLES) await db.execute(statement)
  const kysely = db.getKysely() as unknown as Kysely<CamelTables>
  await kysely.insertInto('posts').values({ userId: 3, title: 'Fourth', createdAt: '2026-01-03' }).execute()
  expect(await kysely.selectFrom('posts').select(['userId', 'createdAt']).where('userId', '=', 3).execute()).toEqual([
    { userId: 3, createdAt: '2026-01-03' },
  ])
})

test('read a large table row by row, stop in the middle, and write beside it', async () => {
  const { db, kysely } = await openBlog()
  await db.execute(
    "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20009) INSERT INTO posts SELECT i, 1, 'Post', '2026', 0 FROM n",
  )
  let read = 0
  for await (const { id } of kysely.selectFrom('posts').select('id').where('id', '>=', 10).orderBy('id').stream(500)) {
    if (read === 0) await db.execute('DELETE FROM posts WHERE id > 15000')
    expect(id).toBe(10 + read)
    read++
  }
  expect(read).toBe(20_000)

  for await (const _ of kysely.selectFrom('posts').selectAll().stream(10)) break
  expect(await db.getRepository('posts').count({ id: { gt: 15_000 } })).toBe(0)
})
