/** The front page: a honeycomb of beloved works, then the catalogue. */
import { STYLE_LABELS, STYLES } from '../../lib/art/styles.ts'
import type { CataloguePage, CatalogueQuery, WorkCard } from '../../lib/shop/catalogue.ts'
import { catalogueHref } from '../catalogue-query.ts'
import { count, plural } from '../format.ts'
import { CatalogueForm } from '../parts/catalogue-form.tsx'
import { Pager } from '../parts/pager.tsx'
import { artPath, WorkGrid } from '../parts/work-card.tsx'

interface HomePageProps {
  readonly query: CatalogueQuery
  readonly result: CataloguePage
  /** Works for the honeycomb; empty once the visitor has begun to search. */
  readonly beloved: readonly WorkCard[]
}

export function HomePage({ query, result, beloved }: HomePageProps) {
  return (
    <>
      {beloved.length > 0 && <Hero beloved={beloved} total={result.total} />}
      <section class="wrap catalogue" id="works" aria-labelledby="works-title">
        <div class="catalogue-head">
          <h2 id="works-title">{heading(query)}</h2>
          <p class="quiet" role="status">
            {plural(result.total, 'work')}
          </p>
        </div>
        <nav class="chips" aria-label="Styles">
          <a
            href={catalogueHref({ ...query, style: null, page: 1 })}
            {...(query.style === null ? { 'aria-current': 'true' } : {})}
          >
            All
          </a>
          {STYLES.map((style) => (
            <a
              href={catalogueHref({ ...query, style, page: 1 })}
              {...(query.style === style ? { 'aria-current': 'true' } : {})}
            >
              {STYLE_LABELS[style]}
            </a>
          ))}
        </nav>
        <CatalogueForm query={query} />
        {result.total === 0 ? (
          <div class="empty">
            <p class="empty-title">Nothing hangs here yet.</p>
            <p>
              No work matches what you are looking for. Try fewer words, or <a href="/">see everything</a>.
            </p>
          </div>
        ) : (
          <WorkGrid works={result.works} eager={beloved.length > 0 ? 0 : 4} />
        )}
        <Pager page={result.page} pages={result.pages} href={(page) => catalogueHref({ ...query, page })} />
      </section>
    </>
  )
}

function Hero({ beloved, total }: { readonly beloved: readonly WorkCard[]; readonly total: number }) {
  return (
    <section class="hero">
      <div class="wrap hero-row">
        <div class="hero-text">
          <p class="eyebrow">A gallery of generated art</p>
          <h1>Pictures that grow from a single seed</h1>
          <p class="lead">
            {count(total)} works by artists who write rules and let chance hold the pencil. Every print belongs to a
            small, numbered edition.
          </p>
          <p class="hero-links">
            <a class="button" href="#works">
              Browse the works
            </a>
            <a class="text-link" href="/artists">
              Meet the artists
            </a>
          </p>
        </div>
        <ul class="comb" aria-label="Works loved most">
          {beloved.map(({ id, title, artist_name }) => (
            <li>
              <a class="comb-link" href={`/works/${id}`} aria-label={`${title} by ${artist_name}`}>
                <img class="comb-picture" src={artPath(id)} alt="" width={800} height={1000} />
              </a>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function heading({ text, style }: CatalogueQuery): string {
  if (text !== '') return `“${text}”`
  return style === null ? 'The works' : STYLE_LABELS[style]
}
