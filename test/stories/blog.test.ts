/** What a blog shows and does: posts with their authors, comments and tags, in lists that never end and in camelCase. */
import { NOORMME } from 'noormme'
import { expect, onTestFinished, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

const TABLES = [
  'CREATE TABLE users (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, email_verified BOOLEAN NOT NULL DEFAULT 0)',
  `CREATE TABLE posts (
    id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, category_id INTEGER,
    title TEXT NOT NULL, body TEXT NOT NULL DEFAULT '', published BOOLEAN NOT NULL DEFAULT 1,
    view_count INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')))`,
  `CREATE TABLE comments (
    id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL, body TEXT NOT NULL)`,
  'CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)',
  `CREATE TABLE post_tags (
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE, tag_id INTEGER NOT NULL REFERENCES tags (id),
    PRIMARY KEY (post_id, tag_id))`,
]

interface Post {
  readonly id: number
  readonly author_id: number
  readonly category_id: number | null
  readonly title: string
  readonly published: boolean
  readonly view_count: number
  readonly created_at: string
}

async function openBlog() {
  const { db, path } = tempDatabase()
  for (const statement of TABLES) await db.execute(statement)
  await db.refreshSchema()
  await db.getRepository('users').createMany([
    { id: 1, first_name: 'Ada', email_verified: true },
    { id: 2, first_name: 'Bea' },
  ])
  const posts = db.getRepository<Post>('posts')
  const dated = (id: number, author_id: number) => ({
    id,
    author_id,
    title: `Post ${id}`,
    created_at: `2026-01-0${id}T08:00:00.000Z`,
  })
  await posts.createMany([dated(1, 1), dated(2, 1), dated(3, 2), dated(4, 2), dated(5, 1)])
  await db.getRepository('comments').createMany([
    { post_id: 1, user_id: 2, body: 'First!' },
    { post_id: 1, user_id: 1, body: 'Thanks' },
    { post_id: 3, user_id: null, body: 'Spam' },
  ])
  return { db, path, posts }
}

const titles = (rows: readonly { readonly title: string }[]) => rows.map(({ title }) => title)

test('list posts with author and newest comment, and the number of comments, without a query for each post', async () => {
  const { posts } = await openBlog()
  const listed = await posts.findAll({
    orderBy: { created_at: 'desc' },
    select: ['title'],
    with: {
      author: { select: ['first_name'] },
      comments: { orderBy: { id: 'desc' }, limit: 1, select: ['body'], with: { user: { select: ['first_name'] } } },
    },
    withCount: ['comments'],
  })
  expect(listed.slice(2)).toEqual([
    { title: 'Post 3', author: { first_name: 'Bea' }, comments: [{ body: 'Spam', user: null }], commentsCount: 1 },
    { title: 'Post 2', author: { first_name: 'Ada' }, comments: [], commentsCount: 0 },
    {
      title: 'Post 1',
      author: { first_name: 'Ada' },
      comments: [{ body: 'Thanks', user: { first_name: 'Ada' } }],
      commentsCount: 2,
    },
  ])
})

test('count the posts of each author, those without a category too', async () => {
  const { db } = await openBlog()
  const users = await db.getRepository('users').findAll({ orderBy: 'id', select: ['first_name'], withCount: ['posts'] })
  expect(users).toEqual([
    { first_name: 'Ada', postsCount: 3 },
    { first_name: 'Bea', postsCount: 2 },
  ])
})

test('show a user with posts and their comments by paths, and be told of a relation that is none', async () => {
  const { db } = await openBlog()
  const users = db.getRepository('users')
  const ada = await users.findWithRelations(1, ['posts.comments.user'])
  const commenters = ada?.posts.flatMap((post: { comments: { user: { first_name: string } }[] }) =>
    post.comments.map(({ user }) => user.first_name),
  )
  expect(commenters.sort()).toEqual(['Ada', 'Bea'])
  await expect(users.findWithRelations(1, ['post'])).rejects.toMatchObject({
    code: 'NOORMME_RELATIONSHIP_NOT_FOUND',
    context: { nearest: ['posts'] },
  })
})

test('write a post with its tags, find posts by tag, and those with none', async () => {
  const { posts } = await openBlog()
  await posts.create<{ tags: object[] }>({ author_id: 1, title: 'Tagged', tags: [{ name: 'sea' }, { name: 'dusk' }] })
  expect(titles(await posts.findAll({ where: { tags: { some: { name: 'sea' } } } as object }))).toEqual(['Tagged'])
  expect(await posts.count({ tags: { none: {} } } as object)).toBe(5)
})

test('scroll a live feed: no post twice, none missed, and those that came meanwhile on top', async () => {
  const { posts } = await openBlog()
  const feed = { orderBy: { created_at: 'desc' }, limit: 2 } as const
  const first = await posts.paginateByCursor(feed)
  await posts.create({ author_id: 1, title: 'Breaking', created_at: '2026-02-01T00:00:00.000Z' })
  const second = await posts.paginateByCursor({ ...feed, after: first.nextCursor })
  expect(titles([...first.data, ...second.data])).toEqual(['Post 5', 'Post 4', 'Post 3', 'Post 2'])
  expect(titles((await posts.paginateByCursor({ ...feed, before: first.startCursor })).data)).toEqual(['Breaking'])
})

test('publish, hide and remove the posts that are ticked in a list', async () => {
  const { posts } = await openBlog()
  expect(await posts.updateMany({ id: [1, 2, 77] }, { published: false })).toEqual({ count: 2 })
  expect(titles(await posts.findManyByPublished(false)).sort()).toEqual(['Post 1', 'Post 2'])
  expect(await posts.deleteMany({ id: [1, 2] })).toEqual({ count: 2 })
  expect(await posts.deleteMany({ id: [] })).toEqual({ count: 0 })
  await expect(posts.deleteMany({})).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
  expect(await posts.count()).toBe(3)
})

test('go through a large table in code, writing to it, with few rows in memory', async () => {
  const { db, posts } = await openBlog()
  await db.execute(`WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 5009)
    INSERT INTO posts (id, author_id, title) SELECT i, 2, 'Imported' FROM n`)
  let seen = 0
  for await (const { id } of posts.stream({ where: { title: 'Imported' }, select: ['id'], batchSize: 500 })) {
    if (id % 1000 === 0) await posts.update(id, { title: 'Milestone' })
    seen++
  }
  expect(seen).toBe(5000)
  expect(await posts.count({ title: 'Milestone' })).toBe(5)
})

test('write camelCase everywhere over the same tables', async () => {
  const { db: setup, path } = await openBlog()
  await setup.close()
  const db = new NOORMME({ connection: { database: path }, introspection: { naming: 'camelCase' } })
  onTestFinished(() => db.close())
  await db.initialize()
  const users = db.getRepository<{ id: number; firstName: string; emailVerified: boolean }>('users')
  expect(await users.findManyByEmailVerified(true)).toEqual([{ id: 1, firstName: 'Ada', emailVerified: true }])
  const posts = db.getRepository<{ id: number; viewCount: number; createdAt: string }>('posts')
  await Promise.all(Array.from({ length: 20 }, () => posts.increment(1, 'viewCount')))
  const [most] = await posts.findAll({
    orderBy: { viewCount: 'desc' },
    limit: 1,
    select: ['viewCount'],
    with: { author: { select: ['firstName'] }, postTags: true },
  })
  expect(most).toEqual({ viewCount: 20, author: { firstName: 'Ada' }, postTags: [] })
})
