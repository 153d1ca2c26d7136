/** A database at work, on one screen. Pure: what was last told in, text out. */
import type { ConnectionRow, HealthNow, Overview, Tick } from '../../dashboard/protocol.ts'
import type { StatementMetrics } from '../../engine/metrics/types.ts'
import { bar, duration, percent, UNKNOWN, whole } from './numbers.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'
import { bytes, displayWidth, printable } from './text.ts'

export interface TopFacts {
  readonly overview: Overview
  readonly tick: Tick
  /** Why nothing newer is known; `null` while it is. */
  readonly lost: string | null
}

/** Statements shown, where the screen does not limit them. */
const MOST_STATEMENTS = 10
const BAR_COLUMNS = 20

export function renderTop(facts: TopFacts, style: Style): string {
  const { overview, tick, lost } = facts
  const { seen, missing } = overview.database
  const sections = [
    heading(facts, style),
    lost === null ? '' : style.bad(fitted(printable(lost), style.width)),
    problems(tick.health, style),
    seen === 'inside' ? work(tick, style) : '',
    seen === 'inside' ? '' : outsideWork(tick, style),
    connections(tick.connections, seen, style),
    statements(tick.topStatements, style),
    missing.map((sentence) => style.dim(fitted(sentence, style.width))).join('\n'),
  ]
  return sections.filter((section) => section !== '').join('\n\n')
}

function heading({ overview: { database }, tick }: TopFacts, style: Style): string {
  const { status } = tick.health
  const paint = status === 'healthy' ? style.good : style.bad
  const facts = [
    tick.sizeBytes === null ? '' : bytes(tick.sizeBytes),
    database.journalMode ?? '',
    database.synchronous === null ? '' : `synchronous ${database.synchronous}`,
    database.sqliteVersion === null ? '' : `SQLite ${database.sqliteVersion}`,
    `noormme ${database.noormmeVersion}`,
  ].filter((fact) => fact !== '')
  return `${style.strong(printable(database.name))}  ${paint(status)}  ${style.dim(facts.join(', '))}`
}

function problems({ checks }: HealthNow, style: Style): string {
  const wrong = checks.filter(({ status }) => status !== 'pass')
  return wrong
    .map(({ name, status, detail }) => style.bad(fitted(`${status}  ${name}: ${printable(detail)}`, style.width)))
    .join('\n')
}

function work({ point, metrics, log }: Tick, style: Style): string {
  const reads = point.readsInline + point.readsThreaded + point.readsCached
  const rates = renderTable(
    [
      { title: '' },
      { title: 'a second', side: 'right' },
      { title: 'p50', side: 'right' },
      { title: 'p99', side: 'right' },
      { title: '' },
    ],
    [
      [
        'reads',
        whole(reads),
        duration(point.read.p50),
        duration(point.read.p99),
        `${whole(point.readsInline)} inline, ${whole(point.readsThreaded)} threaded, ${whole(point.readsCached)} kept; ${point.queuedReads} waiting`,
      ],
      [
        'writes',
        whole(point.writes),
        duration(point.write.p50),
        duration(point.write.p99),
        `${whole(point.commits)} commits, ${point.batchMean === null ? UNKNOWN : point.batchMean.toFixed(1)} writes each; ${point.queuedWrites} waiting`,
      ],
    ],
    style,
  )
  const errors = Object.values(metrics.errors).reduce((sum, count) => sum + count, 0)
  const rest = renderTable(
    [{ title: '' }, { title: '' }],
    [
      ['log', logText(log)],
      [
        'loop',
        `held up ${duration(point.loopDelayP99)} (p99), at most ${duration(point.loopDelayMax)}; processor ${percent(point.cpu)}, this thread ${percent(point.loopUtilization)}`,
      ],
      ['caches', `pages ${percent(point.pageCacheHitRatio)}, results ${percent(point.resultCacheHitRatio)}`],
      ['so far', `${whole(metrics.queries)} statements, ${whole(metrics.slowQueries)} slow, ${whole(errors)} errors`],
    ],
    style,
  )
  return `${rates}\n\n${rest}`
}

function outsideWork({ point, log }: Tick, style: Style): string {
  return renderTable(
    [{ title: '' }, { title: 'a second', side: 'right' }, { title: '' }],
    [
      ['commits', whole(point.commits), ''],
      ['log', '', logText(log)],
    ],
    style,
  )
}

function logText(log: Tick['log']): string {
  if (log === null) return 'none'
  const size = `${bytes(log.bytes)}, ${bytes(log.usedBytes)} in use, ${bytes(log.copiedBytes)} of it in the file`
  const limit =
    log.limitBytes === null ? '' : `${bar(log.bytes / log.limitBytes, BAR_COLUMNS)} of ${bytes(log.limitBytes)}: `
  const pin = log.pins[0]
  const pinned = pin === undefined ? '' : `; ${pin.label} reads from it for ${duration(pin.ageMs)}`
  const others = log.others.length === 0 ? '' : `; locked by ${log.others.join('; ')}`
  return `${limit}${size}${pinned}${others}`
}

function connections(rows: readonly ConnectionRow[], seen: 'inside' | 'outside', style: Style): string {
  if (rows.length === 0) return seen === 'outside' ? style.dim('no other program that can be seen has it open') : ''
  return renderTable(
    [
      { title: seen === 'inside' ? 'connection' : 'program' },
      { title: 'state' },
      { title: 'for', side: 'right' },
      { title: 'statement' },
    ],
    rows.map(({ label, state, sql, sqlAgeMs }) => [
      label,
      state,
      sqlAgeMs === null ? '' : duration(sqlAgeMs),
      sql === null ? '' : fitted(sql, Math.max(20, style.width - 40)),
    ]),
    style,
  )
}

function statements(top: readonly StatementMetrics[], style: Style): string {
  if (top.length === 0) return ''
  const right = (title: string) => ({ title, side: 'right' as const })
  return renderTable(
    [right('together'), right('calls'), right('p95'), right('rows'), { title: 'statement' }],
    top
      .slice(0, MOST_STATEMENTS)
      .map(({ totalMs, calls, latency, rows, changes, fingerprint }) => [
        duration(totalMs),
        whole(calls),
        duration(latency.p95),
        whole(rows + changes),
        fitted(fingerprint, Math.max(20, style.width - 44)),
      ]),
    style,
  )
}

/** One line, cut where it would be too wide. */
function fitted(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ')
  if (displayWidth(line) <= width) return line
  let cut = line.slice(0, width - 1)
  while (displayWidth(cut) > width - 1) cut = cut.slice(0, -1)
  return `${cut}…`
}
