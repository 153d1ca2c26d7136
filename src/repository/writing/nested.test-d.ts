/** What the compiler says about rows made with their relations; checked by `tsc`, never run. */
import type { Generated, Insertable, Selectable, Updateable } from 'kysely'
import { expectTypeOf } from 'vitest'
import type { Graph } from '../relations/graph.ts'
import type { Repository } from '../types.ts'

interface DB {
  users: { id: Generated<number>; name: string }
  posts: { id: Generated<number>; author_id: number; editor_id: number | null; title: string }
  comments: { id: Generated<number>; post_id: number; user_id: number | null; body: string }
}
interface Relations {
  users: { posts: { table: 'posts'; many: true } }
  posts: {
    author: { table: 'users'; many: false; nullable: false }
    editor: { table: 'users'; many: false; nullable: true }
    comments: { table: 'comments'; many: true }
  }
  comments: { user: { table: 'users'; many: false }; post: { table: 'posts'; many: false; nullable: false } }
}
type Of<Table extends keyof DB> = Repository<
  Selectable<DB[Table]>,
  Insertable<DB[Table]>,
  Updateable<DB[Table]>,
  Graph<DB, Relations, Table>
>
type User = Selectable<DB['users']>
type Comment = Selectable<DB['comments']>

declare const posts: Of<'posts'>
declare const users: Of<'users'>
declare const loose: Repository<User>
declare const untyped: Repository

export async function described(): Promise<void> {
  const post = await posts.create({
    title: 'Moon',
    author: { name: 'Mira' },
    comments: [{ body: 'Oh', user: { name: 'Noor' } }],
  })
  expectTypeOf(post.id).toEqualTypeOf<number>()
  expectTypeOf(post.author).toExtend<User>()
  expectTypeOf(post.comments).toExtend<Comment[]>()
  expectTypeOf(post.comments[0]?.user.name).toEqualTypeOf<string | undefined>()
  expectTypeOf(await posts.create({ author_id: 1, title: 'x' })).toEqualTypeOf<Selectable<DB['posts']>>()
  const mira = await users.create({ name: 'Mira', posts: [{ title: 'a' }, { title: 'b', comments: [] }] })
  expectTypeOf(mira.posts[0]?.title).toEqualTypeOf<string | undefined>()
  await posts.create({ title: 'x', author_id: 1, editor: null, comments: undefined })

  // @ts-expect-error a key that nothing fills in
  await posts.create({ title: 'x' })
  // @ts-expect-error no such column or relation
  await posts.create({ title: 'x', autor: { name: 'Mira' } })
  // @ts-expect-error no such column there
  await posts.create({ title: 'x', author: { nam: 'Mira' } })
  // @ts-expect-error no such column further on
  await posts.create({ title: 'x', author_id: 1, comments: [{ body: 'x', user: { name: 'x', age: 3 } }] })
  // @ts-expect-error a number for a text
  await posts.create({ title: 'x', author: { name: 5 } })
  // @ts-expect-error one row, not several
  await posts.create({ title: 'x', author: [{ name: 'Mira' }] })
  // @ts-expect-error several rows, not one
  await users.create({ name: 'Mira', posts: { title: 'x' } })
  // @ts-expect-error only create makes rows of relations
  await posts.update(1, { author: { name: 'Mira' } })
}

export async function conditions(): Promise<void> {
  await posts.updateMany({ author: { name: 'Mira' } }, { title: 'x' })
  await posts.deleteMany({ comments: { none: {} } })
  await posts.paginateByCursor({ where: { comments: { some: { body: 'x' } } } })
  posts.stream({ where: { editor: null } })
  await posts.search('moon', { where: { author: { name: 'Mira' } } })
  // @ts-expect-error no such column there
  await posts.deleteMany({ author: { title: 'x' } })
  // @ts-expect-error no such column there
  await posts.paginateByCursor({ where: { author: { title: 'x' } } })
  // @ts-expect-error no such relation
  await posts.search('moon', { where: { autor: { name: 'x' } } })
}

export async function undescribed(): Promise<void> {
  const user = await loose.create<{ posts: { title: string }[] }>({ name: 'Mira', posts: [{ title: 'x' }] })
  expectTypeOf(user.posts[0]?.title).toEqualTypeOf<string | undefined>()
  expectTypeOf(user.posts[0]?.other).toEqualTypeOf<unknown>()
  await untyped.create({ name: 'Mira', posts: [{ title: 'x' }] })
  // @ts-expect-error relations have to be said
  await loose.create({ name: 'Mira', posts: [{ title: 'x' }] })
}
