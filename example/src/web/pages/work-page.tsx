/** One work: the picture, what it costs, what others say, and more by the same hand. */
import { STYLE_LABELS } from '../../lib/art/styles.ts'
import type { WorkCard } from '../../lib/shop/catalogue.ts'
import type { WorkDetails } from '../../lib/shop/works.ts'
import { day, money } from '../format.ts'
import { Comments } from '../parts/comments.tsx'
import { HeartIcon } from '../parts/icons.tsx'
import { Edition, Picture, WorkGrid } from '../parts/work-card.tsx'

interface WorkPageProps {
  readonly details: WorkDetails
  readonly more: readonly WorkCard[]
  /** What the visitor wrote when a comment was not accepted, and why. */
  readonly rejected?: { readonly name: string; readonly body: string; readonly problem: string } | undefined
}

export function WorkPage({ details, more, rejected }: WorkPageProps) {
  const { work, artist, tags, comments, commentCount, liked } = details
  return (
    <>
      <article class="wrap work">
        <div class="work-picture">
          <span class="frame frame-large">
            <Picture id={work.id} title={work.title} style={work.style} artist={artist.name} eager />
          </span>
        </div>
        <div class="work-text">
          <p class="eyebrow">
            <a href={`/?style=${work.style}#works`}>{STYLE_LABELS[work.style]}</a>
          </p>
          <h1>{work.title}</h1>
          <p class="work-by">
            by <a href={`/artists/${artist.slug}`}>{artist.name}</a>
          </p>
          <p class="work-story">{work.story}</p>
          <div class="work-buy">
            <p class="work-price">
              <span class="price">{money(work.price_cents)}</span>
              <Edition stock={work.stock} edition={work.edition} />
            </p>
            <EditionBar stock={work.stock} edition={work.edition} />
            <div class="work-actions">
              {work.stock > 0 ? (
                <form method="post" action="/cart">
                  <input type="hidden" name="artwork" value={work.id} />
                  <button class="button" type="submit">
                    Buy a print
                  </button>
                </form>
              ) : (
                <button class="button" type="button" disabled>
                  Sold out
                </button>
              )}
              <LikeForm id={work.id} liked={liked} likes={work.likes} />
            </div>
          </div>
          <dl class="facts">
            <div>
              <dt>Edition</dt>
              <dd>{work.edition} numbered prints</dd>
            </div>
            <div>
              <dt>Made</dt>
              <dd>{day(work.created_at)}</dd>
            </div>
            <div>
              <dt>Seed</dt>
              <dd class="mono">{work.seed}</dd>
            </div>
          </dl>
          <ul class="tags" aria-label="Tags">
            {tags.map((tag) => (
              <li>
                <a href={`/?q=${encodeURIComponent(tag)}#works`}>{tag}</a>
              </li>
            ))}
          </ul>
        </div>
      </article>
      <Comments workId={work.id} comments={comments} total={commentCount} rejected={rejected} />
      {more.length > 0 && (
        <section class="wrap more" aria-labelledby="more-title">
          <div class="catalogue-head">
            <h2 id="more-title">More by {artist.name}</h2>
            <a class="text-link" href={`/artists/${artist.slug}`}>
              See all
            </a>
          </div>
          <WorkGrid works={more} />
        </section>
      )}
    </>
  )
}

function EditionBar({ stock, edition }: { readonly stock: number; readonly edition: number }) {
  return (
    <meter class="edition-bar" min={0} max={edition} value={stock} aria-label={`${stock} of ${edition} prints left`}>
      {stock} of {edition}
    </meter>
  )
}

function LikeForm({ id, liked, likes }: { readonly id: number; readonly liked: boolean; readonly likes: number }) {
  return (
    <form method="post" action={`/works/${id}/like`} data-like-form>
      <input type="hidden" name="liked" value={liked ? 'no' : 'yes'} />
      <button class="button button-quiet like" type="submit" aria-pressed={liked ? 'true' : 'false'}>
        <HeartIcon />
        <span>
          <span class="sr">Like, </span>
          <span data-likes>{likes}</span>
          <span class="sr"> so far</span>
        </span>
      </button>
    </form>
  )
}
