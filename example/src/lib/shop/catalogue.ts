/** The catalogue: searching, filtering, sorting and paging through all works. */
import { type SelectQueryBuilder, sql } from 'kysely'
import type { TextPiece } from 'noormme'
import type { Style } from '../art/styles.ts'
import type { KyselyDB } from '../db/database.types.ts'
import { db } from '../db/noormme.ts'
import { matchExpression } from './match-expression.ts'

export const PAGE_SIZE = 24

export const SORTS = ['best', 'newest', 'loved', 'price-up', 'price-down'] as const
export type Sort = (typeof SORTS)[number]

/** The order unless the visitor chooses: a search has best matches, everything has newest works. */
export const usualSort = (text: string): Sort => (text === '' ? 'newest' : 'best')

export const AVAILABILITY = ['all', 'available', 'sold-out'] as const
export type Availability = (typeof AVAILABILITY)[number]

/** Price bands in cents, the upper end not included. */
export const PRICE_BANDS = {
  'under-50': { low: 0, high: 50_00 },
  '50-100': { low: 50_00, high: 100_00 },
  '100-200': { low: 100_00, high: 200_00 },
  'over-200': { low: 200_00, high: Number.MAX_SAFE_INTEGER },
} as const
export type PriceBand = keyof typeof PRICE_BANDS

export interface CatalogueQuery {
  /** What the visitor typed; empty for everything. */
  readonly text: string
  readonly style: Style | null
  readonly availability: Availability
  readonly price: PriceBand | null
  readonly sort: Sort
  /** From 1. */
  readonly page: number
}

/** A work as the lists show it. */
export interface WorkCard {
  readonly id: number
  readonly title: string
  /** The title with what a search found in it. */
  readonly found?: readonly TextPiece[]
  readonly style: Style
  readonly price_cents: number
  readonly edition: number
  readonly stock: number
  readonly likes: number
  readonly artist_name: string
  readonly artist_slug: string
}

export interface CataloguePage {
  readonly works: readonly WorkCard[]
  readonly total: number
  readonly page: number
  readonly pages: number
}

/** One page of what matches; a page beyond the last one becomes the last one. */
export async function searchCatalogue(query: CatalogueQuery): Promise<CataloguePage> {
  const works = matching(query)
  const { total } = await works.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE))
  const page = Math.min(query.page, pages)
  const offset = (page - 1) * PAGE_SIZE
  if (query.sort === 'best' && query.text !== '') return { works: await bestMatches(query, offset), total, page, pages }
  const cards = asCards(sorted(works, query.sort)).limit(PAGE_SIZE).offset(offset)
  return { works: await cards.execute(), total, page, pages }
}

/** A page of works whose titles, artists or tags match best, by the same words and conditions as {@link matching}. */
async function bestMatches({ text, style, availability, price }: CatalogueQuery, offset: number): Promise<WorkCard[]> {
  const hits = await db.getRepository('artworks').search(text, {
    using: 'artwork_search',
    prefix: true,
    weights: { title: 4, artist: 2 },
    highlight: ['title'],
    where: {
      ...(style === null ? {} : { style }),
      ...(availability === 'all' ? {} : { stock: availability === 'available' ? { gt: 0 } : 0 }),
      ...(price === null ? {} : { price_cents: { gte: PRICE_BANDS[price].low, lt: PRICE_BANDS[price].high } }),
    },
    limit: PAGE_SIZE,
    offset,
  })
  const artistIds = [...new Set(hits.map(({ row }) => row.artist_id))]
  const artists = await db
    .getRepository('artists')
    .findAll({ where: { id: artistIds }, select: ['id', 'name', 'slug'] })
  const artistOf = new Map(artists.map((artist) => [artist.id, artist]))
  return hits.map(({ row, highlights: { title = [] } }) => ({
    ...row,
    found: title,
    artist_name: artistOf.get(row.artist_id)?.name ?? '',
    artist_slug: artistOf.get(row.artist_id)?.slug ?? '',
  }))
}

/** Works by one artist, newest first; `except` leaves one out. */
export async function worksByArtist(artistId: number, limit: number, except = 0): Promise<readonly WorkCard[]> {
  const works = allWorks().where('w.artist_id', '=', artistId).where('w.id', '<>', except)
  return asCards(sorted(works, 'newest')).limit(limit).execute()
}

/** The works loved most, for the front page. */
export async function belovedWorks(limit: number): Promise<readonly WorkCard[]> {
  return asCards(sorted(allWorks(), 'loved')).limit(limit).execute()
}

type Works = SelectQueryBuilder<KyselyDB & { w: KyselyDB['artworks'] }, 'w', object>

function allWorks(): Works {
  return db.getKysely().selectFrom('artworks as w')
}

function asCards(works: Works): SelectQueryBuilder<KyselyDB, never, WorkCard> {
  return works
    .innerJoin('artists as a', 'a.id', 'w.artist_id')
    .select(['w.id', 'w.title', 'w.style', 'w.price_cents', 'w.edition', 'w.stock', 'w.likes'])
    .select(['a.name as artist_name', 'a.slug as artist_slug'])
}

function matching({ text, style, availability, price }: CatalogueQuery): Works {
  const expression = matchExpression(text)
  let works = allWorks()
  if (text !== '' && expression === null) {
    works = works.where(sql<boolean>`false`) // there is no word in it, so no work has it
  }
  if (expression !== null) {
    works = works.where(
      sql<boolean>`w.id in (select rowid from artwork_search where artwork_search match ${expression})`,
    )
  }
  if (style !== null) works = works.where('w.style', '=', style)
  if (availability === 'available') works = works.where('w.stock', '>', 0)
  if (availability === 'sold-out') works = works.where('w.stock', '=', 0)
  if (price !== null) {
    const { low, high } = PRICE_BANDS[price]
    works = works.where('w.price_cents', '>=', low).where('w.price_cents', '<', high)
  }
  return works
}

function sorted(works: Works, sort: Sort): Works {
  switch (sort) {
    case 'best': // of nothing that was searched for
    case 'newest':
      return works.orderBy('w.created_at', 'desc').orderBy('w.id', 'desc')
    case 'loved':
      return works.orderBy('w.likes', 'desc').orderBy('w.id', 'desc')
    case 'price-up':
      return works.orderBy('w.price_cents', 'asc').orderBy('w.id', 'asc')
    case 'price-down':
      return works.orderBy('w.price_cents', 'desc').orderBy('w.id', 'desc')
  }
}
