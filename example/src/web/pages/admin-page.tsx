/** Behind the counter: health, backups, connections, advice and tables, as the library reports them. */
import type { ColumnInfo, TableInfo } from 'noormme'
import { bytes, count, plural } from '../format.ts'
import { Advice } from '../parts/advice.tsx'
import { Backups } from '../parts/backups.tsx'
import { Connections } from '../parts/connections.tsx'
import type { Backups as BackupStatus, Health, Optimizations, Stats } from '../reports.ts'

interface AdminPageProps {
  readonly health: Health
  readonly stats: Stats
  readonly backups: BackupStatus
  readonly advice: Optimizations
  readonly tables: readonly TableInfo[]
}

export function AdminPage({ health, stats, backups, advice, tables }: AdminPageProps) {
  return (
    <div class="wrap page admin">
      <header class="page-head">
        <p class="eyebrow">Behind the counter</p>
        <h1>How the database is doing</h1>
        <p>
          <a href="/admin/database/">Watch it live</a>
        </p>
      </header>
      <HealthPanel health={health} />
      <Numbers stats={stats} />
      <Backups status={backups} />
      <Connections connections={stats.connections} />
      <Advice advice={advice} />
      <Tables tables={tables} />
    </div>
  )
}

function HealthPanel({ health }: { readonly health: Health }) {
  return (
    <section aria-labelledby="health-title">
      <h2 id="health-title">Health</h2>
      <p class={`verdict verdict-${health.status}`}>
        <strong>{health.status}</strong>
        <span class="quiet">answered in {health.responseTime.toFixed(1)} ms</span>
      </p>
      <ul class="checks">
        {health.checks.map(({ name, status, detail }) => (
          <li class={`check check-${status}`}>
            <strong>{name}</strong>
            <span>{detail}</span>
            <span class="badge">{status}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Numbers({ stats }: { readonly stats: Stats }) {
  const { counters } = stats
  const tiles = [
    ['Reads, main thread', count(counters.readsInline)],
    ['Reads, reader threads', count(counters.readsThreaded)],
    ['Writes', count(counters.writes)],
    ['Commits', count(counters.commits)],
    ['Transactions', count(counters.transactions)],
    ['Waiting writes', count(stats.queuedWrites)],
    ['Write-ahead log', stats.walBytes === null ? 'none' : bytes(stats.walBytes)],
  ] as const
  return (
    <dl class="tiles">
      {tiles.map(([label, value]) => (
        <div class="tile">
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Tables({ tables }: { readonly tables: readonly TableInfo[] }) {
  return (
    <section aria-labelledby="tables-title">
      <h2 id="tables-title">Tables</h2>
      <div class="tables">
        {tables.map((table) => (
          <details class="table-card">
            <summary>
              <strong class="mono">{table.name}</strong>
              <span class="quiet">{describe(table)}</span>
            </summary>
            <ul>
              {table.columns.map((column) => (
                <li>
                  <span class="mono">{column.name}</span>
                  <span class="quiet">{describeColumn(column)}</span>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </div>
    </section>
  )
}

function describe({ kind, module, strict, columns, indexes, triggers }: TableInfo): string {
  const facts = [
    kind === 'virtual' ? (module ?? 'virtual') : strict ? 'strict' : kind,
    plural(columns.length, 'column'),
    indexes.length > 0 ? plural(indexes.length, 'index', 'indexes') : '',
    triggers.length > 0 ? plural(triggers.length, 'trigger') : '',
  ]
  return facts.filter((fact) => fact !== '').join(' · ')
}

function describeColumn({ type, notNull, primaryKeyPosition }: ColumnInfo): string {
  return [type, primaryKeyPosition > 0 ? 'key' : '', notNull ? 'not null' : '']
    .filter((fact) => fact !== '')
    .join(' · ')
}
