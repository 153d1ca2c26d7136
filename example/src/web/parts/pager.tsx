/** Links to the pages of a list: the first, the last, and those around the one shown. */
import { visiblePages } from '../visible-pages.ts'

interface PagerProps {
  readonly page: number
  readonly pages: number
  readonly href: (page: number) => string
}

export function Pager({ page, pages, href }: PagerProps) {
  if (pages < 2) return null
  return (
    <nav class="pager" aria-label="Pages">
      {page > 1 ? (
        <a class="pager-step" href={href(page - 1)} rel="prev">
          ← Previous
        </a>
      ) : (
        <span class="pager-step pager-off">← Previous</span>
      )}
      <ul>
        {visiblePages(page, pages).map((number) =>
          number === null ? (
            <li aria-hidden="true" class="pager-gap">
              …
            </li>
          ) : (
            <li class={Math.abs(number - page) > 1 ? 'pager-far' : ''}>
              <a
                href={href(number)}
                aria-label={`Page ${number}`}
                {...(number === page ? { 'aria-current': 'page' } : {})}
              >
                {number}
              </a>
            </li>
          ),
        )}
      </ul>
      {page < pages ? (
        <a class="pager-step" href={href(page + 1)} rel="next">
          Next →
        </a>
      ) : (
        <span class="pager-step pager-off">Next →</span>
      )}
    </nav>
  )
}
