import { useEffect, useState } from 'preact/hooks'
import type { SchemaSize } from '../../../src/dashboard/protocol.ts'
import { ago } from '../format/time.ts'
import { Figure } from '../parts/figure.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { ShareBar } from '../parts/share-bar.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { loadSchema, type Problem } from '../state/api.ts'
import type { View } from '../state/view.ts'
import { TableDetail } from './table-detail.tsx'

type Loaded =
  | { readonly state: 'closed' | 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'open'; readonly tables: readonly SchemaSize[] }

/** Tables with their sizes. Measured when it is asked for: it reads through the file. */
export function Schema({ view, now }: { readonly view: View; readonly now: number }) {
  const [loaded, setLoaded] = useState<Loaded>({ state: 'closed' })
  const newest = view.schemaChanges.at(-1)
  const load = () => {
    setLoaded({ state: 'loading' })
    loadSchema().then(
      (tables) => setLoaded({ state: 'open', tables }),
      (problem: Problem) => setLoaded({ state: 'failed', problem }),
    )
  }
  useEffect(() => {
    if (newest !== undefined && loaded.state === 'open') load()
  }, [newest])
  return (
    <Panel
      id="schema"
      title="Schema and sizes"
      {...(loaded.state === 'open' ? { note: `tables and views: ${loaded.tables.length}` } : {})}
      tools={
        <button type="button" class="button" disabled={loaded.state === 'loading'} onClick={load}>
          {loaded.state === 'closed' ? 'Measure' : loaded.state === 'loading' ? 'Measuring…' : 'Measure again'}
        </button>
      }
      wide="all"
    >
      {newest !== undefined && <p class="aside">{`The schema changed ${ago(newest.at, now)}: ${newest.detail}`}</p>}
      {loaded.state === 'closed' && <Empty>Measured when you ask: sizes are read through the whole file.</Empty>}
      {loaded.state === 'loading' && <Empty>Reading through the file…</Empty>}
      {loaded.state === 'failed' && <p class="notice tone-watch">{loaded.problem.message}</p>}
      {loaded.state === 'open' && <Sizes tables={loaded.tables} />}
    </Panel>
  )
}

function Sizes({ tables }: { readonly tables: readonly SchemaSize[] }) {
  const [chosen, setChosen] = useState<SchemaSize | null>(null)
  if (tables.length === 0) return <Empty>The database has no tables.</Empty>
  const total = tables.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  return (
    <>
      <Table
        label="Tables"
        columns={columnsFor(total, setChosen)}
        rows={tables}
        keyOf={({ table }) => table}
        sortedBy="bytes"
      />
      <p class="panel-hint">
        Rows are estimated from SQLite’s statistics, {NONE_MEANS} Bytes are of table and indexes together.
      </p>
      {chosen !== null && <TableDetail table={chosen} onClose={() => setChosen(null)} />}
    </>
  )
}

const NONE_MEANS = '– where there are none (run ANALYZE).'

const columnsFor = (total: number, choose: (table: SchemaSize) => void): readonly Column<SchemaSize>[] => [
  {
    id: 'table',
    title: 'Table',
    main: true,
    rank: ({ table }) => table,
    cell: (row) => (
      <button type="button" class="button-link" onClick={() => choose(row)}>
        {row.table}
        {row.kind !== 'table' && <span class="aside">{` ${row.kind}`}</span>}
      </button>
    ),
  },
  {
    id: 'rows',
    title: 'Rows',
    numeric: true,
    rank: ({ rows }) => rows,
    cell: ({ rows }) => <Figure value={rows} unit="count" />,
  },
  {
    id: 'bytes',
    title: 'Size',
    numeric: true,
    rank: ({ bytes }) => bytes,
    cell: ({ bytes }) => (
      <span class="with-bar">
        <Figure value={bytes} unit="bytes" />
        <ShareBar share={total === 0 ? 0 : (bytes ?? 0) / total} />
      </span>
    ),
  },
  {
    id: 'row-bytes',
    title: 'A row',
    numeric: true,
    minor: true,
    rank: (row) => perRow(row),
    cell: (row) => <Figure value={perRow(row)} unit="bytes" />,
  },
  {
    id: 'columns',
    title: 'Columns',
    numeric: true,
    minor: true,
    rank: ({ columns }) => columns.length,
    cell: ({ columns }) => <Figure value={columns.length} unit="count" />,
  },
  {
    id: 'indexes',
    title: 'Indexes',
    numeric: true,
    rank: ({ indexes }) => indexes.length,
    cell: ({ indexes }) => <Figure value={indexes.length} unit="count" />,
  },
  {
    id: 'index-bytes',
    title: 'In indexes',
    numeric: true,
    minor: true,
    rank: (row) => indexBytes(row),
    cell: (row) => <Figure value={indexBytes(row)} unit="bytes" />,
  },
]

const perRow = ({ bytes, rows }: SchemaSize): number | null =>
  bytes === null || rows === null || rows === 0 ? null : bytes / rows

function indexBytes({ bytes: all, indexes }: SchemaSize): number | null {
  if (all === null || indexes.some(({ bytes }) => bytes === null)) return null
  return indexes.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
}
