import { useEffect, useState } from 'preact/hooks'
import type { StatementDetail as Detail } from '../../../src/dashboard/protocol.ts'
import { text } from '../format/quantity.ts'
import { ago } from '../format/time.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Facts } from '../parts/facts.tsx'
import { Plan, SqlBlock } from '../parts/sql.tsx'
import { loadStatement, type Problem } from '../state/api.ts'
import { closeStatement } from '../state/page.ts'
import { SlowList } from './slow.tsx'

type Loaded = { readonly detail: Detail } | { readonly problem: Problem } | null

/** One statement: all of its text, its figures, its plan, and its slow calls. */
export function StatementDetail({ id, now }: { readonly id: string; readonly now: number }) {
  const [loaded, setLoaded] = useState<Loaded>(null)

  useEffect(() => {
    let isCurrent = true
    setLoaded(null)
    loadStatement(id).then(
      (detail) => isCurrent && setLoaded({ detail }),
      (problem: Problem) => isCurrent && setLoaded({ problem }),
    )
    return () => {
      isCurrent = false
    }
  }, [id])

  return (
    <Dialog title="Statement" size="large" onClose={closeStatement}>
      {loaded === null && <p class="empty">Loading…</p>}
      {loaded !== null && 'problem' in loaded && (
        <p class="notice tone-watch">{`${loaded.problem.message} It may have been forgotten since: only the most used are kept.`}</p>
      )}
      {loaded !== null && 'detail' in loaded && <Body detail={loaded.detail} now={now} />}
    </Dialog>
  )
}

function Body({ detail: { statement, plan, slow }, now }: { readonly detail: Detail; readonly now: number }) {
  const { latency, calls } = statement
  return (
    <>
      <SqlBlock sql={statement.fingerprint} label="the statement" />
      <Facts
        of={[
          ['Calls', text(calls, 'count')],
          ['Total time', text(statement.totalMs, 'ms')],
          ['In SQLite', text(statement.runningMs, 'ms')],
          ['p50', text(latency.p50, 'ms')],
          ['p95', text(latency.p95, 'ms')],
          ['p99', text(latency.p99, 'ms')],
          ['Longest', text(latency.max, 'ms')],
          ['Rows', text(statement.rows, 'count')],
          ['Changes', statement.kind === 'write' ? text(statement.changes, 'count') : null],
          ['Slow calls', text(statement.slow, 'count')],
          ['Errors', text(statement.errors, 'count')],
          ['Last run', ago(Date.parse(statement.lastAt), now)],
        ]}
      />
      <h3>Plan</h3>
      {plan === null ? (
        <p class="empty">SQLite gave no plan for it: statements that change the schema, and some others, have none.</p>
      ) : (
        <>
          <Plan lines={plan} />
          <p class="panel-hint">
            Good: SEARCH with an index. Marked steps read a whole table, or sort without an index: fine for small
            tables.
          </p>
        </>
      )}
      <h3>Slow calls</h3>
      {slow.length === 0 ? <p class="empty">None.</p> : <SlowList calls={slow} now={now} by="origin" />}
    </>
  )
}
