/** What the compiler says about relations; checked by `tsc`, never run. */
import type { Generated } from 'kysely'
import { expectTypeOf } from 'vitest'
import type { RowInput } from '../row-types.ts'
import type { Page, Repository } from '../types.ts'
import type { Graph } from './graph.ts'

interface User {
  id: number
  name: string
}
interface Post {
  id: number
  author_id: number
  editor_id: number | null
  title: string
}
interface Comment {
  id: number
  post_id: number
  user_id: number | null
  body: string
}

interface DB {
  users: { id: Generated<number>; name: string }
  posts: { id: Generated<number>; author_id: number; editor_id: number | null; title: string }
  comments: { id: Generated<number>; post_id: number; user_id: number | null; body: string }
  tags: { id: Generated<number>; name: string }
}
interface Relations {
  users: { posts: { table: 'posts'; many: true }; profile: { table: 'tags'; many: false; nullable: true } }
  posts: {
    author: { table: 'users'; many: false; nullable: false }
    editor: { table: 'users'; many: false; nullable: true }
    comments: { table: 'comments'; many: true }
    tags: { table: 'tags'; many: true }
  }
  comments: { user: { table: 'users'; many: false }; post: { table: 'posts'; many: false; nullable: false } }
}

declare const posts: Repository<Post, RowInput<Post>, RowInput<Post>, Graph<DB, Relations, 'posts'>>
declare const tags: Repository<User, RowInput<User>, RowInput<User>, Graph<DB, Relations, 'tags'>>
declare const loose: Repository<Post>
declare const untyped: Repository

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_same: Same<A, B>): void {}

export async function one(): Promise<void> {
  const [post] = await posts.findAll({ with: { author: true, editor: true } })
  expectTypeOf(post?.title).toEqualTypeOf<string | undefined>()
  expectTypeOf(post?.author.name).toEqualTypeOf<string | undefined>()
  expectTypeOf(post?.editor).toEqualTypeOf<User | null | undefined>()
  const found = await posts.findById(1, { with: { author: true } })
  same<typeof found, { id: number; author_id: number; editor_id: number | null; title: string; author: User } | null>(
    true,
  )
  // @ts-expect-error a relation to one row has no limit
  await posts.findAll({ with: { author: { limit: 1 } } })
  // @ts-expect-error a relation to one row has no conditions
  await posts.findAll({ with: { author: { where: { id: 1 } } } })
  // @ts-expect-error no relation of that name
  await posts.findAll({ with: { autor: true } })
  // @ts-expect-error a column is no relation
  await posts.findAll({ with: { author_id: true } })
}

export async function many(): Promise<void> {
  const rows = await posts.findAll({
    select: ['id'],
    with: {
      comments: { where: { body: { contains: 'x' } }, orderBy: { id: 'desc' }, limit: 3, with: { user: true } },
      tags: { select: ['name'] },
    },
  })
  same<
    typeof rows,
    {
      id: number
      comments: { id: number; post_id: number; user_id: number | null; body: string; user: User | null }[]
      tags: { name: string }[]
    }[]
  >(true)
  const page = await posts.paginate({ with: { comments: { select: ['id'] } } })
  expectTypeOf(page).toExtend<Page<Post & { comments: { id: number }[] }>>()
  // @ts-expect-error no such column there
  await posts.findAll({ with: { comments: { select: ['title'] } } })
  // @ts-expect-error no such column there
  await posts.findAll({ with: { comments: { where: { title: 'x' } } } })
  // @ts-expect-error no such column there
  await posts.findAll({ with: { comments: { orderBy: 'title' } } })
  // @ts-expect-error no such option
  await posts.findAll({ with: { comments: { limit: 3, oderBy: 'id' } } })
  // @ts-expect-error no relation of that name there
  await posts.findAll({ with: { comments: { with: { author: true } } } })
  // @ts-expect-error a table without relations
  await tags.findAll({ with: { posts: true } })
}

export async function none(off: boolean): Promise<void> {
  const plain = await posts.findAll()
  same<typeof plain, Post[]>(true)
  const rows = await posts.findAll({ with: { author: false, comments: undefined } })
  expectTypeOf(rows[0]).not.toHaveProperty('author')
  const [maybe] = await posts.findAll({ with: { author: off } })
  expectTypeOf(maybe?.author).toEqualTypeOf<User | undefined>()
}

export async function counts(): Promise<void> {
  const [post] = await posts.findAll({ withCount: ['comments', 'tags'] })
  expectTypeOf(post?.commentsCount).toEqualTypeOf<number | undefined>()
  const counted = await posts.findById(1, { select: ['id'], withCount: { comments: { where: { body: 'x' } } } })
  same<typeof counted, { id: number; commentsCount: number } | null>(true)
  const one = await posts.withCount(1, ['comments'])
  expectTypeOf(one?.commentsCount).toEqualTypeOf<number | undefined>()
  const nested = await posts.findOne({ with: { author: { withCount: ['posts'] } } })
  expectTypeOf(nested?.author.postsCount).toEqualTypeOf<number | undefined>()
  // @ts-expect-error no relation of that name
  await posts.findAll({ withCount: ['comment'] })
  // @ts-expect-error no relation of that name
  await posts.withCount(1, ['comment'])
  // @ts-expect-error not counted
  post?.authorCount
}

export async function paths(): Promise<void> {
  const post = await posts.findWithRelations(1, ['author', 'comments.user', 'comments.post.tags'])
  expectTypeOf(post?.author.name).toEqualTypeOf<string | undefined>()
  expectTypeOf(post?.comments[0]?.user).toEqualTypeOf<User | null | undefined>()
  expectTypeOf(post?.comments[0]?.post.tags[0]?.name).toEqualTypeOf<string | undefined>()
  const loaded = await posts.loadRelationships([{ id: 1, mine: true }], ['comments'])
  same<(typeof loaded)[0]['comments'], Comment[]>(true)
  expectTypeOf(loaded[0]?.mine).toEqualTypeOf<boolean | undefined>()
  // @ts-expect-error no relation of that name
  await posts.findWithRelations(1, ['autor'])
}

export async function conditions(): Promise<void> {
  await posts.findAll({ where: { author: { name: 'Mira' }, editor: null, title: { like: 'x%' } } })
  await posts.count({ comments: { some: { user: { posts: { none: { id: 1 } } } }, every: { id: [1, 2] } } })
  await posts.exists({ or: [{ tags: { some: {} } }, { not: { author: { id: 1 } } }] })
  // @ts-expect-error many rows need some, every or none
  await posts.findAll({ where: { comments: { body: 'x' } } })
  // @ts-expect-error no such column there
  await posts.findAll({ where: { author: { title: 'x' } } })
  // @ts-expect-error no such column or relation
  await posts.findAll({ where: { nothing: { some: {} } } })
}

export async function undescribed(): Promise<void> {
  const [post] = await loose.findAll({ with: { author: true, comments: { limit: 3, with: { user: true } } } })
  expectTypeOf(post?.title).toEqualTypeOf<string | undefined>()
  expectTypeOf(post?.comments).toBeAny()
  const [row] = await untyped.findAll({ with: { anything: { where: { a: 1 } } }, withCount: ['things'] })
  expectTypeOf(row?.thingsCount).toEqualTypeOf<number | undefined>()
  expectTypeOf(row?.column).toEqualTypeOf<unknown>()
  await untyped.findWithRelations(1, ['a', 'b.c'])
  await untyped.loadRelationships([{ id: 1 }], ['a'])
  await untyped.findAll({ where: { comments: { some: { a: 1 } } } })
  // @ts-expect-error no option is called that
  await loose.findAll({ with: { comments: { limt: 3 } } })
}
