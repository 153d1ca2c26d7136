/** A work in a list. */
import { DRAWING_VERSION } from '../../lib/art/draw.ts'
import { STYLE_LABELS, type Style } from '../../lib/art/styles.ts'
import type { WorkCard as Card } from '../../lib/shop/catalogue.ts'
import { editionLeft, money } from '../format.ts'
import { HeartIcon } from './icons.tsx'

export const artPath = (id: number): string => `/art/${id}.svg?v=${DRAWING_VERSION}`

interface PictureProps {
  readonly id: number
  readonly title: string
  readonly style: Style
  readonly artist: string
  readonly eager?: boolean
}

/** The picture itself. Its size is known beforehand, so nothing moves when it arrives. */
export function Picture({ id, title, style, artist, eager = false }: PictureProps) {
  return (
    <img
      class="picture"
      src={artPath(id)}
      alt={`${title}, ${STYLE_LABELS[style].toLowerCase()} by ${artist}`}
      width={800}
      height={1000}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
    />
  )
}

export function WorkCard({ work, eager = false }: { readonly work: Card; readonly eager?: boolean }) {
  const { id, title, found, style, artist_name, artist_slug, price_cents, stock, edition, likes } = work
  return (
    <article class="card">
      <span class="frame">
        <Picture id={id} title={title} style={style} artist={artist_name} eager={eager} />
      </span>
      <div class="card-text">
        <h3 class="card-title">
          <a class="plain-link card-link" href={`/works/${id}`}>
            {found === undefined ? title : found.map(({ text, match }) => (match ? <mark>{text}</mark> : text))}
          </a>
        </h3>
        <p class="by">
          <a class="plain-link by-link" href={`/artists/${artist_slug}`}>
            {artist_name}
          </a>
        </p>
        <p class="card-facts">
          <span class="price">{money(price_cents)}</span>
          <Edition stock={stock} edition={edition} />
          <span class="likes">
            <HeartIcon />
            {likes}
            <span class="sr"> likes</span>
          </span>
        </p>
      </div>
    </article>
  )
}

export function Edition({ stock, edition }: { readonly stock: number; readonly edition: number }) {
  const mood = stock === 0 ? 'gone' : stock <= 5 ? 'few' : 'plenty'
  return <span class={`edition edition-${mood}`}>{editionLeft(stock, edition)}</span>
}

export function WorkGrid({ works, eager = 0 }: { readonly works: readonly Card[]; readonly eager?: number }) {
  return (
    <ul class="grid">
      {works.map((work, index) => (
        <li>
          <WorkCard work={work} eager={index < eager} />
        </li>
      ))}
    </ul>
  )
}
