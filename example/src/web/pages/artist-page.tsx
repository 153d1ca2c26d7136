/** One artist and their works. */
import type { Artist } from '../../lib/db/database.types.ts'
import type { WorkCard } from '../../lib/shop/catalogue.ts'
import { plural } from '../format.ts'
import { artPath, WorkGrid } from '../parts/work-card.tsx'

export function ArtistPage({ artist, works }: { readonly artist: Artist; readonly works: readonly WorkCard[] }) {
  const newest = works[0]
  return (
    <section class="wrap page" aria-labelledby="artist-title">
      <header class="artist-head">
        <span class="hex hex-large">
          {newest !== undefined && <img src={artPath(newest.id)} alt="" width={800} height={1000} />}
        </span>
        <div>
          <p class="eyebrow">{plural(artist.work_count, 'work')}</p>
          <h1 id="artist-title">{artist.name}</h1>
          <p class="lead">{artist.bio}</p>
          <p class="quiet">Works from {artist.place}.</p>
        </div>
      </header>
      <h2 class="sr">Works</h2>
      <WorkGrid works={works} eager={4} />
      {works.length < artist.work_count && <p class="quiet list-end">The newest {works.length} are shown.</p>}
    </section>
  )
}
