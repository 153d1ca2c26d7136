/** What visitors say about a work: likes and comments. */
import { db } from '../db/noormme.ts'

export const NAME_LIMIT = 40
export const COMMENT_LIMIT = 1000

/** Likes a work, or takes it back; doing either twice changes nothing. The number of likes is kept by a trigger. */
export async function setLike(visitorId: number, artworkId: number, liked: boolean): Promise<number> {
  const likes = db.getRepository('likes')
  const like = { artwork_id: artworkId, visitor_id: visitorId }
  if (liked) {
    await likes.findOrCreate(like)
  } else {
    await likes.delete(like)
  }
  const work = await db.getRepository('artworks').findById(artworkId)
  return work?.likes ?? 0
}

export interface CommentDraft {
  readonly name: string
  readonly body: string
}

/** What is wrong with a comment, in a sentence for the visitor; `null` when nothing is. */
export function problemWith({ name, body }: CommentDraft): string | null {
  if (body === '') return 'Please write something first.'
  if ([...body].length > COMMENT_LIMIT) return `Please keep it under ${COMMENT_LIMIT} characters.`
  if (name === '') return 'Please add a name to sign with.'
  if ([...name].length > NAME_LIMIT) return `Please keep the name under ${NAME_LIMIT} characters.`
  return null
}

export async function addComment(visitorId: number, artworkId: number, draft: CommentDraft): Promise<void> {
  await db.getRepository('comments').create({ artwork_id: artworkId, visitor_id: visitorId, ...draft })
}
