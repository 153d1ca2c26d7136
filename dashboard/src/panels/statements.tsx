import type { StatementMetrics } from '../../../src/engine/metrics/types.ts'
import { Figure } from '../parts/figure.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { ShareBar } from '../parts/share-bar.tsx'
import { SqlLine } from '../parts/sql.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { statementLink } from '../state/page.ts'
import type { View } from '../state/view.ts'

const columnsFor = (totalMs: number): readonly Column<StatementMetrics>[] => [
  {
    id: 'statement',
    title: 'Statement',
    main: true,
    cell: ({ id, fingerprint }) => (
      <a class="statement-link" href={statementLink(id)}>
        <SqlLine sql={fingerprint} />
      </a>
    ),
  },
  {
    id: 'total',
    title: 'Total time',
    numeric: true,
    rank: ({ totalMs }) => totalMs,
    cell: (row) => (
      <span class="with-bar">
        <Figure value={row.totalMs} unit="ms" />
        <ShareBar share={totalMs === 0 ? 0 : row.totalMs / totalMs} />
      </span>
    ),
  },
  {
    id: 'calls',
    title: 'Calls',
    numeric: true,
    rank: ({ calls }) => calls,
    cell: ({ calls }) => <Figure value={calls} unit="count" />,
  },
  {
    id: 'p50',
    title: 'p50',
    numeric: true,
    minor: true,
    rank: ({ latency }) => latency.p50,
    cell: ({ latency }) => <Figure value={latency.p50} unit="ms" />,
  },
  {
    id: 'p95',
    title: 'p95',
    numeric: true,
    rank: ({ latency }) => latency.p95,
    cell: ({ latency }) => <Figure value={latency.p95} unit="ms" />,
  },
  {
    id: 'p99',
    title: 'p99',
    numeric: true,
    minor: true,
    rank: ({ latency }) => latency.p99,
    cell: ({ latency }) => <Figure value={latency.p99} unit="ms" />,
  },
  {
    id: 'rows',
    title: 'Rows a call',
    numeric: true,
    rank: (row) => perCall(row),
    cell: (row) => <Figure value={perCall(row)} unit="count" />,
  },
  {
    id: 'slow',
    title: 'Slow',
    numeric: true,
    minor: true,
    rank: ({ slow }) => slow,
    cell: ({ slow }) => <Figure value={slow} unit="count" />,
  },
  {
    id: 'errors',
    title: 'Errors',
    numeric: true,
    minor: true,
    rank: ({ errors }) => errors,
    cell: ({ errors }) => <Figure value={errors} unit="count" />,
  },
]

const perCall = ({ calls, rows, changes }: StatementMetrics): number => (calls === 0 ? 0 : (rows + changes) / calls)

/** Where the time goes: statements of one shape together, since the database was opened. */
export function Statements({ view }: { readonly view: View }) {
  const statements = view.overview.metrics.topStatements
  const totalMs = statements.reduce((sum, statement) => sum + statement.totalMs, 0)
  return (
    <Panel
      id="statements"
      title="Top statements"
      note="since it was opened"
      hint="Good: no statement takes most of the time unless it makes most of the calls. Choose one for its plan."
      wide="all"
    >
      {statements.length === 0 ? (
        <Empty>
          {view.overview.database.open
            ? 'No statement has run yet. The first ones appear here as soon as the application uses the database.'
            : 'Nothing is known of statements while the database is closed.'}
        </Empty>
      ) : (
        <Table
          label="Top statements"
          columns={columnsFor(totalMs)}
          rows={statements}
          keyOf={({ id }) => id}
          sortedBy="total"
        />
      )}
    </Panel>
  )
}
