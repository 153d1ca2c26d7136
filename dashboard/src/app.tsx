import { useErrorBoundary } from 'preact/hooks'
import { Help } from './panels/help.tsx'
import { Notices } from './panels/notices.tsx'
import { Panels } from './panels/panels.tsx'
import { TopBar } from './panels/top-bar.tsx'
import { feed, frozen } from './state/page.ts'
import { useStore } from './state/store.ts'
import type { View } from './state/view.ts'

export function App() {
  const live = useStore(feed.view)
  const paused = useStore(frozen)
  const view = paused ?? live
  return (
    <>
      <a class="skip-link" href="#panels">
        Skip to the panels
      </a>
      <TopBar view={view} />
      <Notices view={view} />
      <main id="panels" tabIndex={-1}>
        {view === null ? <Waiting /> : <Guarded view={view} />}
      </main>
      {view?.overview.database.seen !== 'outside' && (
        <footer class="page-foot">
          The same numbers for monitoring systems: <a href="metrics">Prometheus text</a>
        </footer>
      )}
      <Help />
    </>
  )
}

/** What the server says can be of another version than this page, when it was replaced under it. */
function Guarded({ view }: { readonly view: View }) {
  const [error] = useErrorBoundary()
  if (error === undefined) return <Panels view={view} />
  return (
    <div class="waiting" role="alert">
      <h2>This page does not understand its server</h2>
      <p>It may have been replaced by another version since the page was loaded.</p>
      <p>
        <button type="button" class="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </p>
    </div>
  )
}

/** Before the first answer. */
function Waiting() {
  const link = useStore(feed.link)
  if (link.state !== 'lost') return <p class="waiting">Loading…</p>
  const isRefused = link.problem.isRefusal
  return (
    <div class="waiting" role="alert">
      <h2>{isRefused ? 'This page may not be seen without signing in' : 'The numbers cannot be had'}</h2>
      <p>{link.problem.message}</p>
      <p>
        <button type="button" class="button" onClick={() => (isRefused ? location.reload() : void feed.connect())}>
          {isRefused ? 'Sign in' : 'Try now'}
        </button>
      </p>
    </div>
  )
}
