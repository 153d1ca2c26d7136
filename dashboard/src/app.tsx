import { useMemo } from 'preact/hooks'
import { ChartPanel } from './charts/chart-panel.tsx'
import { CACHES, CPU, LOOP, QUEUE, READ_LATENCY, READS, WRITE_LATENCY, WRITES } from './charts/specs.ts'
import { Advice } from './panels/advice.tsx'
import { Backups } from './panels/backups.tsx'
import { Connections } from './panels/connections.tsx'
import { Errors } from './panels/errors.tsx'
import { FactsLine } from './panels/facts-line.tsx'
import { Health } from './panels/health.tsx'
import { Help } from './panels/help.tsx'
import { Log } from './panels/log.tsx'
import { NPlusOne } from './panels/n-plus-one.tsx'
import { Schema } from './panels/schema.tsx'
import { SectionLinks } from './panels/section-links.tsx'
import { Slow } from './panels/slow.tsx'
import { StatementDetail } from './panels/statement-detail.tsx'
import { Statements } from './panels/statements.tsx'
import { Tiles } from './panels/tiles.tsx'
import { Notices, TopBar } from './panels/top-bar.tsx'
import { feed, frozen, openStatement } from './state/page.ts'
import { rangeId } from './state/preferences.ts'
import { RANGES, spanOf } from './state/range.ts'
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
        {view === null ? <Waiting /> : <Panels view={view} />}
      </main>
      <Help />
    </>
  )
}

/** Before the first answer. */
function Waiting() {
  const link = useStore(feed.link)
  if (link.state !== 'lost') return <p class="waiting">Loading…</p>
  const isRefused = link.problem.status === 401 || link.problem.status === 403
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

function Panels({ view }: { readonly view: View }) {
  const id = useStore(rangeId)
  const range = RANGES.find((each) => each.id === id) ?? RANGES[0]
  const span = useMemo(() => spanOf(view, range), [view, range])
  const opened = useStore(openStatement)
  const now = Math.max(span.to, Date.parse(view.overview.health.at))
  const charts = { span, view }
  return (
    <>
      <FactsLine view={view} now={now} />
      <SectionLinks view={view} />
      <Tiles view={view} span={span} range={range} />
      <div class="grid">
        <Health view={view} now={now} />
        <ChartPanel spec={READS} {...charts} />
        <ChartPanel spec={WRITES} {...charts} />
        <ChartPanel spec={QUEUE} {...charts} />
        <ChartPanel spec={READ_LATENCY} {...charts} />
        <ChartPanel spec={WRITE_LATENCY} {...charts} />
        <ChartPanel spec={LOOP} {...charts} />
        <Log {...charts} />
        <ChartPanel spec={CPU} {...charts} />
        <Connections view={view} />
        <ChartPanel spec={CACHES} {...charts} />
        <Statements view={view} />
        <div class="stack stack-two">
          <Slow view={view} now={now} />
          <Advice view={view} />
        </div>
        <div class="stack">
          <Errors view={view} />
          <NPlusOne view={view} now={now} />
          <Backups view={view} now={now} />
        </div>
        <Schema />
      </div>
      {opened !== null && <StatementDetail id={opened} now={now} />}
    </>
  )
}
