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
  const [found, liked] = await Promise.all([
    db.getRepository('artworks').findById(id, {
      with: {
        artist: true,
        tags: { select: ['name'], orderBy: 'name' },
        comments: { orderBy: { id: 'desc' }, limit: COMMENTS_SHOWN },
      },
      withCount: ['comments'],
    }),
    visitorId === null ? false : db.getRepository('likes').exists({ artwork_id: id, visitor_id: visitorId }),
  ])
  if (found === null) return null
  const { artist, tags, comments, commentsCount, ...work } = found
  return { work, artist, tags: tags.map(({ name }) => name), comments, commentCount: commentsCount, liked }
}
