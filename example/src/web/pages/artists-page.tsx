/** The index of artists. */
import type { ArtistPage } from '../../lib/shop/artists.ts'
import { plural } from '../format.ts'
import { SearchIcon } from '../parts/icons.tsx'
import { Pager } from '../parts/pager.tsx'
import { artPath } from '../parts/work-card.tsx'

export function ArtistsPage({ result, text }: { readonly result: ArtistPage; readonly text: string }) {
  return (
    <section class="wrap page" aria-labelledby="artists-title">
      <header class="page-head">
        <p class="eyebrow">{plural(result.total, 'artist')}</p>
        <h1 id="artists-title">The artists</h1>
        <search>
          <form class="filters filters-short" method="get" action="/artists">
            <div class="search">
              <SearchIcon />
              <label class="sr" for="artist-q">
                Search artists by name
              </label>
              <input id="artist-q" type="search" name="q" value={text} maxlength={100} placeholder="Search by name" />
            </div>
            <button class="button button-quiet" type="submit">
              Search
            </button>
          </form>
        </search>
      </header>
      {result.total === 0 && (
        <div class="empty">
          <p class="empty-title">Nobody by that name.</p>
          <p>
            <a href="/artists">See all artists</a>
          </p>
        </div>
      )}
      <ul class="artists">
        {result.artists.map(({ slug, name, place, work_count, portrait }) => (
          <li>
            <a class="artist" href={`/artists/${slug}`}>
              <span class="hex">
                {portrait !== null && <img src={artPath(portrait)} alt="" width={800} height={1000} loading="lazy" />}
              </span>
              <span class="artist-text">
                <span class="artist-name">{name}</span>
                <span class="quiet">
                  {plural(work_count, 'work')} · {place}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <Pager page={result.page} pages={result.pages} href={(page) => artistsHref(text, page)} />
    </section>
  )
}

function artistsHref(text: string, page: number): string {
  const query = new URLSearchParams()
  if (text !== '') query.set('q', text)
  if (page > 1) query.set('page', String(page))
  return query.size === 0 ? '/artists' : `/artists?${query}`
}
