/** The comments under a work, and the form for a new one. */
import type { Comment } from '../../lib/db/database.types.ts'
import { COMMENT_LIMIT, NAME_LIMIT } from '../../lib/shop/reactions.ts'
import { day, plural } from '../format.ts'

interface CommentsProps {
  readonly workId: number
  readonly comments: readonly Comment[]
  readonly total: number
  readonly rejected?: { readonly name: string; readonly body: string; readonly problem: string } | undefined
}

export function Comments({ workId, comments, total, rejected }: CommentsProps) {
  return (
    <section class="wrap comments" id="comments" aria-labelledby="comments-title">
      <div class="comments-list">
        <h2 id="comments-title">{total === 0 ? 'No comments yet' : plural(total, 'comment')}</h2>
        {total === 0 && <p class="quiet">Be the first to say what you see in it.</p>}
        <ol>
          {comments.map(({ name, body, created_at }) => (
            <li class="comment">
              <p class="comment-body">{body}</p>
              <p class="comment-by">
                {name} <span class="quiet">· {day(created_at)}</span>
              </p>
            </li>
          ))}
        </ol>
        {comments.length < total && <p class="quiet">The newest {comments.length} are shown.</p>}
      </div>
      <form class="panel stack" method="post" action={`/works/${workId}/comments#comments`}>
        <h3>Leave a comment</h3>
        {rejected !== undefined && (
          <p class="problem" id="comment-problem" role="alert">
            {rejected.problem}
          </p>
        )}
        <label class="field">
          <span>What do you see?</span>
          <textarea name="body" rows={4} required maxlength={COMMENT_LIMIT}>
            {rejected?.body ?? ''}
          </textarea>
        </label>
        <label class="field">
          <span>Signed</span>
          <input name="name" required maxlength={NAME_LIMIT} autocomplete="nickname" value={rejected?.name ?? ''} />
        </label>
        <button class="button button-quiet" type="submit">
          Post the comment
        </button>
      </form>
    </section>
  )
}
