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
  const [isAll, setAll] = useState(false)
  const shown = isAll ? slow : slow.slice(0, SHOWN_AT_FIRST)
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
        <SlowList calls={shown} now={now} isLinked />
      )}
      {shown.length < slow.length && (
        <button type="button" class="button" onClick={() => setAll(true)}>
          {`Show all ${slow.length}`}
        </button>
      )}
    </Panel>
  )
}

interface SlowListProps {
  readonly calls: readonly SlowStatement[]
  readonly now: number
  readonly isLinked?: boolean
}

export function SlowList({ calls, now, isLinked = false }: SlowListProps) {
  return (
    <ul class="slow-list divided">
      {calls.map((call) => (
        <li key={`${call.at}:${call.id}:${call.duration}`}>
          <SlowCall call={call} now={now} isLinked={isLinked} />
        </li>
      ))}
    </ul>
  )
}

function SlowCall({
  call,
  now,
  isLinked,
}: {
  readonly call: SlowStatement
  readonly now: number
  readonly isLinked: boolean
}) {
  const at = Date.parse(call.at)
  return (
    <details class="slow-call">
      <summary>
        <time title={exact(at)}>{moment(at, now)}</time>
        <Figure value={call.duration} unit="ms" />
        <TimeSplit call={call} />
        <SqlLine sql={call.sql} />
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
        {isLinked && (
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
  if (running === null || waited === null || duration === 0) return <span class="time-split" />
  const share = Math.min(100, (running / duration) * 100)
  const label = `${text(running, 'ms')} in SQLite, ${text(waited, 'ms')} waiting`
  return (
    <span class="time-split" role="img" aria-label={label} title={label}>
      <span class="time-running" style={{ width: `${share}%` }} />
    </span>
  )
}
