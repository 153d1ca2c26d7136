/** What the compiler says in a program whose database is registered; checked by `tsc`, never run. */
import { type Json, NOORMME, type Repository, type SqlValue } from 'noormme'
import { expectTypeOf } from 'vitest'
import type { DB, KeyedByInt, NewPost, NewUser, Post, Tag, User, UserUpdate } from './database.types.ts'
import type { Settings } from './settings.ts'

const db = new NOORMME('sqlite:./app.db')
const users = db.getRepository('users')
const posts = db.getRepository('posts')

export async function withoutTypeArguments(): Promise<void> {
  expectTypeOf(db).toEqualTypeOf<NOORMME<DB>>()
  expectTypeOf(await users.findById(1)).toEqualTypeOf<User | null>()
  expectTypeOf(await db.transaction((tx) => tx.getRepository('posts').findAll())).toEqualTypeOf<Post[]>()
  expectTypeOf(await db.snapshot((snapshot) => snapshot.getRepository('tags').findOne())).toEqualTypeOf<Tag | null>()
  // @ts-expect-error no such table: only a row type of one's own makes any name possible
  db.getRepository('user')
  expectTypeOf(db.getRepository<{ id: number }>('elsewhere')).toEqualTypeOf<Repository<{ id: number }>>()
  expectTypeOf(new NOORMME<{ other: { id: number } }>().getRepository('other').findById(1)).resolves.toEqualTypeOf<{
    id: number
  } | null>()
}

export async function whatIsRead(user: User, post: Post, key: KeyedByInt, tag: Tag): Promise<void> {
  expectTypeOf(user.id).toEqualTypeOf<number>()
  expectTypeOf(user.role).toEqualTypeOf<'reader' | 'author' | "it's admin">()
  expectTypeOf(user.is_active).toEqualTypeOf<boolean>()
  expectTypeOf(user.settings).toEqualTypeOf<Settings | null>()
  expectTypeOf(user.address).toEqualTypeOf<Json>()
  expectTypeOf(user.followers).toEqualTypeOf<bigint>()
  expectTypeOf(user.born_on).toEqualTypeOf<string | null>()
  expectTypeOf(user.expires).toEqualTypeOf<number | null>()
  expectTypeOf(user.photo).toEqualTypeOf<Uint8Array | null>()
  expectTypeOf(user.level).toEqualTypeOf<1 | 2 | null>()
  expectTypeOf(post.slug).toEqualTypeOf<string>()
  expectTypeOf(post.words).toEqualTypeOf<number | null>()
  expectTypeOf(post.anything).toEqualTypeOf<SqlValue>()
  expectTypeOf(key.id).toEqualTypeOf<number | null>()
  expectTypeOf(tag.post_id).toEqualTypeOf<number>()
  expectTypeOf(await users.findAll({ select: ['id', 'role'] })).toEqualTypeOf<Pick<User, 'id' | 'role'>[]>()
  const [author] = await db.getRepository('authors').findAll()
  expectTypeOf(author?.post_count).toEqualTypeOf<SqlValue | undefined>()
  expectTypeOf(author?.is_active).toEqualTypeOf<boolean | null | undefined>()
}

export async function whatIsWritten(): Promise<void> {
  await users.create({ email: 'a@example.org' })
  await users.create({
    email: 'a@example.org',
    created_at: new Date(),
    followers: 5,
    born_on: new Date(),
    address: [1],
  })
  await users.createMany([{ email: 'a@example.org', role: 'author', settings: { theme: 'dark' } }])
  await users.update(1, { level: null, score: 2 })
  const data: NewUser = { email: 'a@example.org', address: { street: 'Elm' } satisfies { street: string } }
  const patch: UserUpdate = { user_name: 'b' }
  await users.update((await users.create(data)).id, patch)
  await db.getRepository('order-items').create({ class: 'a', '2nd line': null, 'say "hi"': 1, '🎨': 'x' })
  await db.getRepository('titles').update({ id: 1, title: 'x' })
  await db.getRepository('dates').create({ day: '2026-01-31' })

  // @ts-expect-error NOT NULL without a default
  await users.create({})
  // @ts-expect-error DEFAULT NULL is none
  await posts.create({ author_id: 1, title: 'x' })
  await posts.create({ author_id: 1, title: 'x', required: 'x' })
  // @ts-expect-error a value that the CHECK refuses
  await users.create({ email: 'x', role: 'admin' })
  // @ts-expect-error the shape that types.json gives the column
  await users.create({ email: 'x', settings: { theme: 'blue' } })
  // @ts-expect-error a generated column
  await posts.create({ author_id: 1, title: 'x', required: 'x', slug: 'x' })
  // @ts-expect-error a generated column
  await posts.update(1, { words: 1 })
  // @ts-expect-error no such column
  await users.create({ email: 'x', emial: 'x' })
  // @ts-expect-error a key that is the rowid may be left out, one that is not and is STRICT may not
  await db.getRepository('keyed_strictly').create({ any_value: 1 })
  // @ts-expect-error a view without INSTEAD OF triggers
  await db.getRepository('authors').create({ email: 'x' })
  // @ts-expect-error a number for a text
  const post: NewPost = { author_id: 1, title: 5, required: 'x' }
  await posts.create(post)
}

export async function names(): Promise<void> {
  expectTypeOf(await posts.findManyByAuthorId(1)).toEqualTypeOf<Post[]>()
  expectTypeOf(await posts.findOneByAuthor_id([1, 2])).toEqualTypeOf<Post | null>()
  expectTypeOf(await users.findByEmail('a@example.org')).toEqualTypeOf<User | null>()
  expectTypeOf(await users.findManyByRole('author')).toEqualTypeOf<User[]>()
  await users.findAll({
    where: { role: ['author', 'reader'], followers: { gt: 5 }, is_active: true },
    orderBy: 'email',
  })
  await posts.findAll({
    where: { author_id: { in: [1, 2] }, or: [{ price: null }] },
    orderBy: [{ title: 'desc' }, 'id'],
  })
  await posts.paginate({ where: { title: { contains: 'moon' } }, select: ['title'], orderBy: { id: 'asc' } })
  // @ts-expect-error no such column
  await users.findAll({ where: { nope: 1 } })
  // @ts-expect-error no such column
  await users.findAll({ orderBy: 'nope' })
  // @ts-expect-error no such column
  await users.findAll({ select: ['nope'] })
  // @ts-expect-error no such column
  await users.findByNope(1)
  // @ts-expect-error a value that the column cannot have
  await users.findManyByRole('admin')
  // @ts-expect-error a value that the column cannot have
  await users.count({ role: 'admin' })
  // @ts-expect-error a text for a number
  await posts.findManyByAuthorId('one')
}

export async function kysely(): Promise<void> {
  const row = await db.getKysely().selectFrom('users').selectAll().executeTakeFirstOrThrow()
  expectTypeOf(row.is_active).toEqualTypeOf<number>()
  expectTypeOf(row.settings).toEqualTypeOf<string | null>()
  expectTypeOf(row.followers).toEqualTypeOf<number | bigint>()
  expectTypeOf(row.role).toEqualTypeOf<'reader' | 'author' | "it's admin">()
  await db.getKysely().insertInto('users').values({ email: 'x', is_active: true, followers: 5n }).execute()
  await db.getKysely().selectFrom('post_search').select('rowid').orderBy('rank').execute()
  await db.transaction((tx) => tx.getKysely().selectFrom('2fa').selectAll().execute())
  const insert = db.getKysely().insertInto('users')
  // @ts-expect-error Kysely passes a value on to SQLite, which has no objects
  insert.values({ email: 'x', settings: { theme: 'dark' } })
  // @ts-expect-error the table of another tool
  db.getKysely().selectFrom('kysely_migration')
  expectTypeOf(
    await new NOORMME<{ a: { x: boolean } }>().getKysely().selectFrom('a').select('x').execute(),
  ).toEqualTypeOf<{ x: boolean }[]>()
}
