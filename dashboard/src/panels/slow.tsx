import { useState } from 'preact/hooks'
import type { SlowStatement } from '../../../src/engine/metrics/types.ts'
import { text } from '../format/quantity.ts'
import { exact, moment } from '../format/time.ts'
import { Facts } from '../parts/facts.tsx'
import { Figure } from '../parts/figure.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { Plan, SqlBlock, SqlLine } from '../parts/sql.tsx'
import { statementLink } from '../state/page.ts'
import type { View } from '../state/view.ts'

const SHOWN_AT_FIRST = 8

/** Single calls that took too long, the newest first, each with why. */
export function Slow({ view, now }: { readonly view: View; readonly now: number }) {
  const slow = view.overview.metrics.slowStatements
  return (
    <Panel
      id="slow"
      title="Slow statements"
      note={slow.length === 0 ? 'none' : `${slow.length} kept, the newest first`}
      hint="Good: none. Much time in SQLite asks for an index; much time waiting asks who was in the way."
    >
      {slow.length === 0 ? (
        <Empty>No call has been slow since the database was opened.</Empty>
      ) : (
        <SlowList calls={slow} now={now} by="statement" />
      )}
    </Panel>
  )
}

interface SlowListProps {
  readonly calls: readonly SlowStatement[]
  readonly now: number
  /** What tells one from another: of one statement, where it was called. */
  readonly by: 'statement' | 'origin'
}

export function SlowList({ calls, now, by }: SlowListProps) {
  const [isAll, setAll] = useState(false)
  const shown = isAll ? calls : calls.slice(0, SHOWN_AT_FIRST)
  return (
    <>
      <ul class="slow-list divided">
        {keyed(shown).map(([key, call]) => (
          <li key={key}>
            <SlowCall call={call} now={now} by={by} />
          </li>
        ))}
      </ul>
      {shown.length < calls.length && (
        <button type="button" class="button" onClick={() => setAll(true)}>
          {`Show all ${calls.length}`}
        </button>
      )}
    </>
  )
}

/** Many can be answered at the same moment: they are counted from the oldest, so that a new one renames none. */
function keyed(calls: readonly SlowStatement[]): readonly (readonly [string, SlowStatement])[] {
  const seen = new Map<string, number>()
  return calls
    .toReversed()
    .map((call) => {
      const name = `${call.at}:${call.id}`
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return [`${name}:${count}`, call] as const
    })
    .toReversed()
}

interface SlowCallProps {
  readonly call: SlowStatement
  readonly now: number
  readonly by: SlowListProps['by']
}

function SlowCall({ call, now, by }: SlowCallProps) {
  const at = Date.parse(call.at)
  return (
    <details class="slow-call">
      <summary>
        <time title={exact(at)}>{moment(at, now)}</time>
        <Figure value={call.duration} unit="ms" />
        <TimeSplit call={call} />
        {by === 'statement' ? (
          <SqlLine sql={call.sql} />
        ) : (
          <code class="sql-line">{call.origin ?? call.connection}</code>
        )}
      </summary>
      <div class="slow-detail">
        <SqlBlock sql={call.sql} label="the statement" />
        <Facts
          of={[
            ['In SQLite', call.running === null ? null : text(call.running, 'ms')],
            ['Waited', call.waited === null ? null : text(call.waited, 'ms')],
            ['Rows', text(call.rows, 'count')],
            ['Changes', call.kind === 'write' ? text(call.changes, 'count') : null],
            ['Connection', call.connection],
            ['Inside', call.scope],
            ['Called from', call.origin === null ? null : <code>{call.origin}</code>],
            ['Parameters', call.parameters.length === 0 ? null : call.parameters.join(', ')],
            ['Error', call.error],
          ]}
        />
        {call.plan !== null && (
          <>
            <h3>Plan</h3>
            <Plan lines={call.plan} />
          </>
        )}
        {by === 'statement' && (
          <p>
            <a href={statementLink(call.id)}>All calls of this statement</a>
          </p>
        )}
      </div>
    </details>
  )
}

/** How much of it SQLite took, and how much was waiting. */
function TimeSplit({ call: { duration, running, waited } }: { readonly call: SlowStatement }) {
  if (running === null || waited === null || duration === 0) return <span class="time-split time-unknown" />
  const share = Math.min(100, (running / duration) * 100)
  const label = `${text(running, 'ms')} in SQLite, ${text(waited, 'ms')} waiting`
  return (
    <span class="time-split" role="img" aria-label={label} title={label}>
      <span class="time-running" style={{ width: `${share}%` }} />
    </span>
  )
}
