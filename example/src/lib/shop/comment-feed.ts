/** What visitors say, newest first, in pages that stay what they are while more is said. */
import { type CursorPage, isNoormmeError } from 'noormme'
import type { Comment } from '../db/database.types.ts'
import { db } from '../db/noormme.ts'

const PAGE_SIZE = 20

/** Where in the feed to look: cursors of an earlier page, as they came from the address. */
export interface FeedPlace {
  readonly after?: string | undefined
  readonly before?: string | undefined
}

export interface FeedPage {
  readonly comments: readonly (Comment & { readonly title: string })[]
  readonly newer: string | null
  readonly older: string | null
}

/** A page of the feed; `null` for a place that is none. */
export async function commentFeed(place: FeedPlace): Promise<FeedPage | null> {
  const page = await readPage(place)
  if (page === null) return null
  const works = await db.getRepository('artworks').findAll({
    where: { id: [...new Set(page.data.map(({ artwork_id }) => artwork_id))] },
    select: ['id', 'title'],
  })
  const titles = new Map(works.map(({ id, title }) => [id, title]))
  return {
    comments: page.data.map((comment) => ({ ...comment, title: titles.get(comment.artwork_id) ?? '' })),
    newer: page.prevCursor,
    older: page.nextCursor,
  }
}

async function readPage({ after, before }: FeedPlace): Promise<CursorPage<Comment> | null> {
  try {
    return await db
      .getRepository('comments')
      .paginateByCursor({ orderBy: { created_at: 'desc' }, limit: PAGE_SIZE, after, before })
  } catch (error) {
    if (isNoormmeError(error, 'NOORMME_VALIDATION')) return null
    throw error
  }
}
