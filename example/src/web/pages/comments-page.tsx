/** What visitors say about all works, newest first. */
import type { FeedPage } from '../../lib/shop/comment-feed.ts'
import { day } from '../format.ts'

export function CommentsPage({ feed }: { readonly feed: FeedPage }) {
  return (
    <section class="wrap page" aria-labelledby="feed-title">
      <h1 id="feed-title">What visitors say</h1>
      {feed.comments.length === 0 && <p class="quiet">Nobody has said anything yet.</p>}
      <ol>
        {feed.comments.map(({ name, body, created_at, artwork_id, title }) => (
          <li class="comment">
            <p class="comment-body">{body}</p>
            <p class="comment-by">
              {name}{' '}
              <span class="quiet">
                · {day(created_at)} · on <a href={`/works/${artwork_id}`}>{title}</a>
              </span>
            </p>
          </li>
        ))}
      </ol>
      {(feed.newer !== null || feed.older !== null) && (
        <nav class="pager" aria-label="Pages">
          <Step href={feed.newer === null ? null : `/comments?before=${feed.newer}`} rel="prev" label="← Newer" />
          <Step href={feed.older === null ? null : `/comments?after=${feed.older}`} rel="next" label="Older →" />
        </nav>
      )}
    </section>
  )
}

function Step({ href, rel, label }: { readonly href: string | null; readonly rel: string; readonly label: string }) {
  if (href === null) return <span class="pager-step pager-off">{label}</span>
  return (
    <a class="pager-step" href={href} rel={rel}>
      {label}
    </a>
  )
}
