/** One work with everything its page shows. */

import type { Artist, Artwork, Comment } from '../db/database.types.ts'
import { db } from '../db/noormme.ts'

/** Comments shown on a page, the newest first. */
const COMMENTS_SHOWN = 50

export interface WorkDetails {
  readonly work: Artwork
  readonly artist: Artist
  readonly tags: readonly string[]
  readonly comments: readonly Comment[]
  readonly commentCount: number
  /** Whether this visitor likes it. */
  readonly liked: boolean
}

export async function findWork(id: number): Promise<Artwork | null> {
  return db.getRepository('artworks').findById(id)
}

export async function describeWork(id: number, visitorId: number | null): Promise<WorkDetails | null> {
  const work = await findWork(id)
  if (work === null) return null
  const [artist, tags, comments, commentCount, liked] = await Promise.all([
    db.getRepository('artists').findById(work.artist_id),
    tagsOf(id),
    db.getRepository('comments').findAll({ where: { artwork_id: id }, orderBy: { id: 'desc' }, limit: COMMENTS_SHOWN }),
    db.getRepository('comments').count({ artwork_id: id }),
    visitorId === null ? false : db.getRepository('likes').exists({ artwork_id: id, visitor_id: visitorId }),
  ])
  return artist === null ? null : { work, artist, tags, comments, commentCount, liked }
}

async function tagsOf(artworkId: number): Promise<readonly string[]> {
  const rows = await db
    .getKysely()
    .selectFrom('artwork_tags as l')
    .innerJoin('tags as t', 't.id', 'l.tag_id')
    .where('l.artwork_id', '=', artworkId)
    .orderBy('t.name')
    .select('t.name')
    .execute()
  return rows.map(({ name }) => name)
}
