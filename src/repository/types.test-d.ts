/** What the compiler says about repositories; checked by `tsc`, never run. */
import { expectTypeOf } from 'vitest'
import type { CursorPage } from './paging-types.ts'
import type { SearchHit } from './search-types.ts'
import type { Page, Repository } from './types.ts'

interface Work {
  id: number
  title: string
  artist_id: number
  hot: boolean
  sold_at: string | null
  meta: { tags: string[] } | null
  tags: string[]
  big: bigint
  photo: Uint8Array
  addressLine1: string
}

declare const works: Repository<Work>
declare const anything: Repository

export async function finders(): Promise<void> {
  expectTypeOf(await works.findById(1)).toEqualTypeOf<Work | null>()
  expectTypeOf(await works.findByTitle('x')).toEqualTypeOf<Work | null>()
  expectTypeOf(await works.findOneByArtistId(1)).toEqualTypeOf<Work | null>()
  expectTypeOf(await works.findManyByArtistId([1, 2])).toEqualTypeOf<Work[]>()
  expectTypeOf(await works.findManyByArtist_id({ gt: 1 })).toEqualTypeOf<Work[]>()
  expectTypeOf(await works.findByartist_id(1)).toEqualTypeOf<Work | null>()
  await works.findManyByAddressLine1('x')
  await works.findManyBySoldAt(null)
  await works.findManyBySoldAt(new Date())
  await works.findManyByHot(true)
  // @ts-expect-error a column of numbers
  await works.findManyByArtistId('one')
  // @ts-expect-error no such column
  await works.findByNothing(1)
}

export async function conditions(): Promise<void> {
  await works.findAll({ where: { artist_id: { gte: 1, lt: 5n }, title: { contains: 'moon' }, sold_at: null } })
  await works.findAll({
    where: { or: [{ hot: true }, { not: { id: [1, 2] } }], and: [{ meta: { eq: { tags: [] } } }] },
  })
  await works.findAll({ where: { sold_at: { between: ['2026', new Date()] } } })
  // @ts-expect-error no such column
  await works.findAll({ where: { nope: 1 } })
  // @ts-expect-error no such operator
  await works.findAll({ where: { title: { lik: 'x' } } })
  // @ts-expect-error undefined is no condition
  await works.findAll({ where: { title: undefined } })
  await works.findAll({ where: { tags: { eq: ['a', 'b'] }, big: 1, photo: new Uint8Array() } })
  await works.findAll({ where: { tags: [['a'], ['b', 'c']], meta: [{ tags: [] }] } })
  // @ts-expect-error an array is "one of these", and no element is an array
  await works.findAll({ where: { tags: ['a', 'b'] } })
  // @ts-expect-error an object is operators
  await works.findAll({ where: { meta: { tags: [] } } })
  // @ts-expect-error an array is "one of these"
  await works.findManyByTags(['a'])
  await works.count({ hot: true })
  await works.exists({ title: 'x' })
  await works.exists(1)
}

export async function insideJson(
  rows: Repository<{ id: number; doc: { a: { b: { c: { d: number } } } }; any: unknown }>,
) {
  await works.findAll({ where: { meta: { path: ['tags'], arrayContains: 'sea' } } })
  await works.findAll({ where: { meta: { path: ['tags', 0], startsWith: 's', ne: null } } })
  await works.findAll({ where: { tags: { path: [-1], in: ['a', null] } } })
  await works.findAll({ where: { tags: { path: [], arrayContains: 'a' }, title: { path: ['x', 0], gt: 5 } } })
  await works.findAll({ where: { or: [{ meta: { path: ['tags'], exists: false } }] } })
  await rows.findAll({ where: { doc: { path: ['a', 'b', 'c', 'd', 'anything'], gt: 1 }, any: { path: ['x'], eq: 1 } } })
  // @ts-expect-error no such key
  await works.findAll({ where: { meta: { path: ['tag'], exists: true } } })
  // @ts-expect-error an array has no such key
  await works.findAll({ where: { meta: { path: ['tags', 'x'], exists: true } } })
  // @ts-expect-error a text, not a number
  await works.findAll({ where: { meta: { path: ['tags', 0], eq: 5 } } })
  // @ts-expect-error a column of numbers holds no JSON
  await works.findAll({ where: { artist_id: { path: ['x'], eq: 5 } } })
  await works.findAll({ orderBy: { column: 'meta', path: ['tags', 0], direction: 'desc', nulls: 'last' } })
}

export async function pagesAndStreams(): Promise<void> {
  expectTypeOf(await works.paginateByCursor()).toEqualTypeOf<CursorPage<Work>>()
  expectTypeOf((await works.paginateByCursor({ select: ['id'] })).data).toEqualTypeOf<Pick<Work, 'id'>[]>()
  for await (const work of works.stream()) expectTypeOf(work).toEqualTypeOf<Work>()
  for await (const work of works.stream({ select: ['id'] })) expectTypeOf(work).toEqualTypeOf<Pick<Work, 'id'>>()
  for await (const row of anything.stream({ orderBy: 'x' })) expectTypeOf(row).toEqualTypeOf<Record<string, unknown>>()
  expectTypeOf(await works.search('x', { highlight: ['artist'] })).toEqualTypeOf<SearchHit<Work>[]>()
  expectTypeOf((await works.search('x', { select: ['id'] }))[0]?.row).toEqualTypeOf<Pick<Work, 'id'> | undefined>()
  // @ts-expect-error no such column
  await works.paginateByCursor({ orderBy: 'nope' })
  // @ts-expect-error pages of this kind have no number
  await works.paginateByCursor({ page: 2 })
  // @ts-expect-error no such column
  works.stream({ where: { nope: 1 } })
}

export async function reservedColumns(rows: Repository<{ or: number; id: number }>): Promise<void> {
  await rows.findAll({ where: { '"or"': 1, or: [{ id: 1 }] } })
  // @ts-expect-error `or` combines; the column is written '"or"'
  await rows.findAll({ where: { or: 1 } })
}

export async function ordersAndSelections(): Promise<void> {
  expectTypeOf(await works.findAll({ select: ['id', 'title'] })).toEqualTypeOf<Pick<Work, 'id' | 'title'>[]>()
  expectTypeOf(await works.findOne({ select: ['id'] })).toEqualTypeOf<Pick<Work, 'id'> | null>()
  expectTypeOf(await works.findAll()).toEqualTypeOf<Work[]>()
  expectTypeOf(await works.paginate({ page: 1 })).toEqualTypeOf<Page<Work>>()
  await works.findAll({ orderBy: ['artist_id', { id: 'desc' }] })
  await works.findAll({ orderBy: 'artist_id', orderDirection: 'DESC' })
  await works.paginate({ orderBy: { column: 'id', direction: 'desc' } })
  // @ts-expect-error no such column
  await works.findAll({ orderBy: 'nope' })
  // @ts-expect-error no such column
  await works.findAll({ select: ['nope'] })
  // @ts-expect-error one row has no limit
  await works.findOne({ limit: 1 })
}

export async function writes(): Promise<void> {
  expectTypeOf(await works.create({ title: 'x' })).toEqualTypeOf<Work>()
  expectTypeOf(await works.createMany([{ title: 'x' }])).toEqualTypeOf<{ readonly count: number }>()
  expectTypeOf((await works.createMany([], { returning: true })).rows).toEqualTypeOf<Work[]>()
  expectTypeOf(await works.update(1, { title: 'x' })).toEqualTypeOf<Work>()
  expectTypeOf(await works.update({ id: 1, title: 'x' })).toEqualTypeOf<Work>()
  await works.create({ sold_at: new Date(), big: 1, artist_id: 5n, meta: null, tags: ['a'] })
  await works.createMany([{ sold_at: new Date() }])
  await works.update(1, { sold_at: new Date(), title: new Date() })
  await works.update({ id: 1, sold_at: new Date() })
  // @ts-expect-error a column of numbers
  await works.create({ artist_id: 'one' })
  // @ts-expect-error a column of numbers
  await works.update({ id: 1, artist_id: new Date() })
  // @ts-expect-error a column that is never NULL
  await works.update({ id: 1, title: null })
  expectTypeOf(await works.delete(1)).toEqualTypeOf<boolean>()
  await works.delete({ id: 1, artist_id: 2 })
  // @ts-expect-error no such column
  await works.create({ nope: 1 })
  // @ts-expect-error no such column in a key
  await works.delete({ nope: 1 })
}

export async function described(
  rows: Repository<{ id: number; at: string }, { at: Date }, { at?: Date }>,
): Promise<void> {
  await rows.create({ at: new Date() })
  await rows.update({ id: 1, at: new Date() })
  await rows.update(await rows.create({ at: new Date() }))
  // @ts-expect-error neither what is read nor what is written
  await rows.update({ id: 1, at: 5 })
}

export async function untyped(): Promise<void> {
  expectTypeOf(await anything.findById(1)).toEqualTypeOf<Record<string, unknown> | null>()
  // `?.` because of noUncheckedIndexedAccess, under which every name that a type does not spell may be missing.
  expectTypeOf(await anything.findByEmail?.('x')).toEqualTypeOf<Record<string, unknown> | null | undefined>()
  expectTypeOf(await anything.findManyByStatus?.(['a'])).toEqualTypeOf<Record<string, unknown>[] | undefined>()
  expectTypeOf(await anything.findAll({ select: ['id'] })).toEqualTypeOf<{ id: unknown }[]>()
  await anything.findAll({ where: { price: { gte: 1 }, or: [{ a: 1 }] }, orderBy: { likes: 'desc' } })
  const created = await anything.create({ anything: 1 })
  expectTypeOf(created.anything).toEqualTypeOf<unknown>()
}

export async function writingMany(): Promise<void> {
  expectTypeOf(await works.updateMany({ hot: true }, { title: 'x' })).toEqualTypeOf<{ readonly count: number }>()
  expectTypeOf(await works.deleteMany({}, { all: true })).toEqualTypeOf<{ readonly count: number }>()
  // @ts-expect-error no such column
  await works.updateMany({ nope: 1 }, {})
  // @ts-expect-error a column that is never NULL
  await works.updateMany({ id: 1 }, { title: null })
  // @ts-expect-error conditions have to be given
  await works.deleteMany()
  // @ts-expect-error no such option
  await works.deleteMany({}, { every: true })
}

export async function increments(): Promise<void> {
  expectTypeOf(await works.increment(1, 'artist_id')).toEqualTypeOf<Work>()
  await works.increment(1, 'big', 5n)
  await anything.increment(1, 'likes', -1)
  // @ts-expect-error a column of text
  await works.increment(1, 'title')
  // @ts-expect-error no number
  await works.increment(1, 'artist_id', '1')
}

export async function upserts(): Promise<void> {
  expectTypeOf(await works.upsert({ id: 1, title: 'x' })).toEqualTypeOf<Work>()
  expectTypeOf((await works.findOrCreate({ title: 'x' }, { conflict: 'title' })).row).toEqualTypeOf<Work>()
  await works.upsert({ id: 1 }, { conflict: ['id', 'title'], update: ['title'] })
  await works.upsert({ id: 1 }, { update: { title: 'y' } })
  expectTypeOf((await works.upsertMany([{ id: 1 }], { conflict: 'id' })).inserted).toEqualTypeOf<number>()
  await works.createMany([{ title: 'x' }], { skipDuplicates: true })
  // @ts-expect-error no such column
  await works.upsert({ id: 1 }, { conflict: 'nope' })
  // @ts-expect-error no such column
  await works.upsert({ id: 1 }, { update: ['nope'] })
  // @ts-expect-error no such column
  await works.upsert({ id: 1 }, { update: { nope: 1 } })
  // @ts-expect-error findOrCreate changes nothing
  await works.findOrCreate({ id: 1 }, { update: ['title'] })
}

export async function nested(): Promise<void> {
  const work = await works.create<{ comments: { body: string }[]; artist: { name: string } }>({
    title: 'x',
    comments: [{ body: 'a' }],
    artist: { name: 'Mira' },
  })
  expectTypeOf(work.id).toEqualTypeOf<number>()
  expectTypeOf(work.comments[0]?.body).toEqualTypeOf<string | undefined>()
  expectTypeOf(work.artist.name).toEqualTypeOf<string>()
  expectTypeOf(work.artist.id).toEqualTypeOf<unknown>()
  // @ts-expect-error relations have to be named
  await works.create({ title: 'x', comments: [{ body: 'a' }] })
  // @ts-expect-error not what the relation was said to hold
  await works.create<{ comments: { body: string }[] }>({ comments: [{ text: 'a' }] })
  await anything.create({ title: 'x', comments: [{ body: 'a' }] })
}
