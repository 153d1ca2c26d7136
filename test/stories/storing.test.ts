/** What an application wants to store and change. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { tempDatabase } from '../support/temp-database.ts'

interface Post {
  readonly id: string
  readonly title: string
  readonly published: boolean
  readonly tags: readonly string[]
  readonly created_at: string
  readonly views: number
}

async function openPosts() {
  const { db } = tempDatabase()
  await db.execute(`
    CREATE TABLE posts (
      id TEXT PRIMARY KEY, title TEXT NOT NULL, published BOOLEAN NOT NULL DEFAULT FALSE, tags JSON NOT NULL,
      created_at TEXT NOT NULL, views INTEGER NOT NULL DEFAULT 0)`)
  await db.refreshSchema()
  return { posts: db.getRepository<Post>('posts') }
}

const post = (title: string) => ({ id: randomUUID(), title, tags: ['new'], created_at: new Date().toISOString() })

test('make the key in the application, store flags, lists and moments, and get the row back in those types', async () => {
  const { posts } = await openPosts()
  const given = { ...post('Hello'), published: true }
  const created = await posts.create(given)
  expect(created).toEqual({ ...given, views: 0 })
  expect(await posts.findById(given.id)).toEqual(created)
})

test('save a form that has only some of the fields, and a row as it was read and changed', async () => {
  const { posts } = await openPosts()
  const { id } = await posts.create(post('Draft'))
  expect(await posts.update(id, { published: true })).toMatchObject({ title: 'Draft', published: true, tags: ['new'] })

  const read = await posts.findById(id)
  if (read === null) throw new Error('it was stored')
  expect(await posts.update({ ...read, title: 'Final', tags: [] })).toEqual({ ...read, title: 'Final', tags: [] })
})

test('import a thousand rows at once, and again, without making them twice', async () => {
  const { posts } = await openPosts()
  const rows = Array.from({ length: 1000 }, (_, index) => ({ ...post(`Post ${index}`), id: `post-${index}` }))
  const progress: number[] = []
  await posts.createMany(rows, { onProgress: ({ done, total }) => progress.push(done / total) })
  expect(progress.at(-1)).toBe(1)

  await expect(posts.createMany([{ ...post('new'), id: 'new' }, ...rows])).rejects.toMatchObject({
    code: 'NOORMME_UNIQUE',
  })
  expect(await posts.count()).toBe(1000)

  expect(await posts.createMany(rows, { skipDuplicates: true })).toEqual({ count: 0 })
  const again = rows.map((row, index) => ({ ...row, title: `Post no. ${index}` }))
  expect(await posts.upsertMany([...again, { ...post('new'), id: 'new' }])).toEqual({
    count: 1001,
    inserted: 1,
    updated: 1000,
  })
  expect((await posts.findById('post-7'))?.title).toBe('Post no. 7')
  expect(await posts.count()).toBe(1001)
})

test('count views from many requests at once, and lose none', async () => {
  const { posts } = await openPosts()
  const { id } = await posts.create(post('Popular'))
  await Promise.all(Array.from({ length: 50 }, () => posts.increment(id, 'views')))
  expect((await posts.findById(id))?.views).toBe(50)
})
