import { feed } from '../state/page.ts'
import { useStore } from '../state/store.ts'
import type { View } from '../state/view.ts'

/** What the page says when it cannot go on by itself, or shows what is no longer true. */
export function Notices({ view }: { readonly view: View | null }) {
  const link = useStore(feed.link)
  const database = view?.overview.database
  return (
    <div class="notices" role="status">
      {link.state === 'lost' && view !== null && (
        <p class="notice tone-watch">
          {link.problem.message} What is shown is from before.{' '}
          {link.problem.isRefusal ? (
            <button type="button" class="button button-small" onClick={() => location.reload()}>
              Sign in
            </button>
          ) : (
            <button type="button" class="button button-small" onClick={() => void feed.connect()}>
              Try now
            </button>
          )}
        </p>
      )}
      {database?.open === false && database.seen === 'inside' && (
        <p class="notice tone-watch">
          The database is closed: nothing is recorded until the application opens it again. The page will show it then.
        </p>
      )}
      {database?.missing.map((sentence) => (
        <p class="notice tone-quiet" key={sentence}>
          {sentence}
        </p>
      ))}
    </div>
  )
}
