/** The artists: their index and each by name. */

import type { Artist } from '../db/database.types.ts'
import { db } from '../db/noormme.ts'

export const ARTISTS_PER_PAGE = 48

export interface ArtistCard extends Artist {
  /** A work of theirs for the picture beside the name; `null` while they have none. */
  readonly portrait: number | null
}

export interface ArtistPage {
  readonly artists: readonly ArtistCard[]
  readonly total: number
  readonly page: number
  readonly pages: number
}

/**
 * A page of the index, by name; `text` narrows it to names that contain it.
 * A page beyond the last one becomes the last one.
 */
export async function listArtists(text: string, page: number): Promise<ArtistPage> {
  const { data, pagination } = await db.getRepository('artists').paginate({
    page,
    limit: ARTISTS_PER_PAGE,
    where: text === '' ? {} : { name: { contains: text } },
    orderBy: 'name',
  })
  const pages = Math.max(1, pagination.totalPages)
  if (page > pages) return listArtists(text, pages)

  const portraits = await newestWorks(data.map(({ id }) => id))
  return {
    artists: data.map((artist) => ({ ...artist, portrait: portraits.get(artist.id) ?? null })),
    total: pagination.total,
    page: pagination.page,
    pages,
  }
}

export async function findArtist(slug: string): Promise<Artist | null> {
  return db.getRepository('artists').findOneBySlug(slug)
}

async function newestWorks(artistIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (artistIds.length === 0) return new Map()
  const rows = await db
    .getKysely()
    .selectFrom('artworks')
    .where('artist_id', 'in', artistIds)
    .groupBy('artist_id')
    .select(({ fn }) => ['artist_id', fn.max('id').as('newest')])
    .execute()
  return new Map(rows.map(({ artist_id, newest }) => [artist_id, newest]))
}
