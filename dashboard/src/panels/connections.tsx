import type { ConnectionRow } from '../../../src/dashboard/protocol.ts'
import { age } from '../format/time.ts'
import { Figure } from '../parts/figure.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { SqlLine } from '../parts/sql.tsx'
import { Badge, type Tone } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import type { View } from '../state/view.ts'
import { Settings } from './settings.tsx'

const TONES: Partial<Record<ConnectionRow['state'], Tone>> = { ended: 'act', abandoned: 'watch', idle: 'quiet' }

const COLUMNS: readonly Column<ConnectionRow>[] = [
  { id: 'label', title: 'Name', cell: ({ label }) => <strong>{label}</strong> },
  { id: 'state', title: 'State', cell: ({ state }) => <Badge tone={TONES[state] ?? 'good'}>{state}</Badge> },
  { id: 'sql', title: 'Runs', main: true, cell: ({ sql }) => (sql === null ? null : <SqlLine sql={sql} />) },
  {
    id: 'age',
    title: 'For',
    numeric: true,
    cell: ({ sqlAgeMs }) =>
      sqlAgeMs === null ? null : sqlAgeMs < 1000 ? <Figure value={sqlAgeMs} unit="ms" /> : age(sqlAgeMs),
  },
  {
    id: 'hits',
    title: 'Cache hits',
    numeric: true,
    cell: ({ pageCacheHitRatio }) => <Figure value={pageCacheHitRatio} unit="share" />,
  },
  {
    id: 'cache',
    title: 'Cache',
    numeric: true,
    cell: ({ pageCacheBytes }) => <Figure value={pageCacheBytes} unit="bytes" />,
  },
]

/** From outside, programs are seen, and of them only which lock they hold. */
export function Programs({ view }: { readonly view: View }) {
  const { connections } = view.overview
  return (
    <Panel
      id="connections"
      title="Programs that have it open"
      note={connections.length === 0 ? 'none' : String(connections.length)}
      hint="Good: one program writes. Snapshot means that it reads now, transaction that it writes."
    >
      {connections.length === 0 ? (
        <Empty>None, as far as the system tells.</Empty>
      ) : (
        <Table label="Programs" columns={COLUMNS.slice(0, 2)} rows={connections} keyOf={({ label }) => label} />
      )}
    </Panel>
  )
}

/** Who is connected, and what each does at this moment. */
export function Connections({ view }: { readonly view: View }) {
  const { connections } = view.overview
  const busy = connections.filter(({ sql }) => sql !== null).length
  return (
    <Panel
      id="connections"
      title="Connections"
      note={connections.length === 0 ? 'none' : `${connections.length}, ${busy} at work`}
      hint="Good: readers come and go within a second. One writer is enough: it commits for all in groups."
      wide="two"
    >
      {connections.length === 0 ? (
        <Empty>No connection is open.</Empty>
      ) : (
        <>
          <Table label="Connections" columns={COLUMNS} rows={connections} keyOf={({ label }) => label} />
          <Settings connections={connections} />
        </>
      )}
    </Panel>
  )
}
