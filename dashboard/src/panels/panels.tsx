/** All panels in their order: of a database that this process runs, or of a file that another one does. */
import { useMemo } from 'preact/hooks'
import { ChartPanel } from '../charts/chart-panel.tsx'
import { CACHES, COMMITS, CPU, LOOP, QUEUE, READ_LATENCY, READS, WRITE_LATENCY, WRITES } from '../charts/specs.ts'
import { openStatement } from '../state/page.ts'
import { rangeId } from '../state/preferences.ts'
import { RANGES, type Range, type Span, spanOf } from '../state/range.ts'
import { useStore } from '../state/store.ts'
import type { View } from '../state/view.ts'
import { Advice } from './advice.tsx'
import { Backups } from './backups.tsx'
import { Connections, Programs } from './connections.tsx'
import { Errors } from './errors.tsx'
import { FactsLine } from './facts-line.tsx'
import { Health } from './health.tsx'
import { Log } from './log.tsx'
import { NPlusOne } from './n-plus-one.tsx'
import { Schema } from './schema.tsx'
import { SectionLinks } from './section-links.tsx'
import { Slow } from './slow.tsx'
import { StatementDetail } from './statement-detail.tsx'
import { Statements } from './statements.tsx'
import { Tiles } from './tiles.tsx'

interface Shown {
  readonly view: View
  readonly span: Span
  readonly range: Range
  /** The time of what is shown (ms since 1970). */
  readonly now: number
}

export function Panels({ view }: { readonly view: View }) {
  const id = useStore(rangeId)
  const range = RANGES.find((each) => each.id === id) ?? RANGES[0]
  const span = useMemo(() => spanOf(view, range), [view, range])
  const opened = useStore(openStatement)
  const now = Math.max(span.to, Date.parse(view.overview.health.at))
  const shown = { view, span, range, now }
  return (
    <>
      <FactsLine view={view} now={now} />
      {view.overview.database.seen === 'inside' ? <Inside {...shown} /> : <Outside {...shown} />}
      {opened !== null && <StatementDetail id={opened} now={now} />}
    </>
  )
}

function Inside({ view, span, range, now }: Shown) {
  const charts = { span, view }
  return (
    <>
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
        <Schema view={view} now={now} />
      </div>
    </>
  )
}

/** Zeros would be lies where nothing is known: what a file does not tell has no panel. */
function Outside({ view, span, now }: Shown) {
  return (
    <div class="grid grid-first">
      <Health view={view} now={now} />
      <Log view={view} span={span} />
      <ChartPanel spec={COMMITS} view={view} span={span} />
      <div class="stack stack-two">
        <Advice view={view} />
      </div>
      <Programs view={view} />
      <Schema view={view} now={now} />
    </div>
  )
}
