/**
 * Numbers in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/): base units, names
 * that never change their meaning. How many lines there are does not depend on the statements that were run.
 */
import { basename } from 'node:path'
import type { KnownBackups } from '../backup/types.ts'
import type { DurationHistogram, PerformanceMetrics } from '../engine/metrics/types.ts'
import type { ConnectionStats } from '../health/connection-stats.ts'
import type { HealthReport } from '../health/types.ts'

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

type Labels = Readonly<Record<string, string>>

/** One line of a metric: its own labels, and its value; `null` where it is not known, which is no line. */
type Sample = readonly [labels: Labels, value: number | null]

interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface PrometheusFacts {
  readonly metrics: PerformanceMetrics
  readonly stats: ConnectionStats
  readonly health: HealthReport
  /** `null` where none are configured, and before their target has been looked into. */
  readonly backups: KnownBackups | null
}

/** All metrics of one database, told apart from others by the label `database`: its file's name. */
export function prometheusText({ metrics, stats, health, backups }: PrometheusFacts): string {
  const labels = { database: stats.path === null ? '' : basename(stats.path) }
  const lines = [...counters(metrics), ...gauges(stats, health), ...backupGauges(backups)].flatMap((metric) =>
    linesOf(metric, labels),
  )
  return [
    ...lines,
    ...histogram(
      'noormme_read_duration_seconds',
      'From the call of a read to its answer.',
      metrics.readHistogram,
      labels,
    ),
    ...histogram(
      'noormme_write_duration_seconds',
      'From the call of a write to its commit.',
      metrics.writeHistogram,
      labels,
    ),
    '',
  ].join('\n')
}

function counters(metrics: PerformanceMetrics): Metric[] {
  const { readsInline, readsThreaded, readsCached, checkpoints } = metrics
  const counter = (name: string, help: string, samples: readonly Sample[] | number): Metric => ({
    name: `noormme_${name}_total`,
    type: 'counter',
    help,
    samples: typeof samples === 'number' ? [[{}, samples]] : samples,
  })
  return [
    counter('queries', 'Statements of the application.', metrics.queries),
    counter('reads', 'Reads by where they were answered.', [
      [{ where: 'inline' }, readsInline],
      [{ where: 'thread' }, readsThreaded],
      [{ where: 'cache' }, readsCached],
    ]),
    counter(
      'reads_interrupted',
      'Reads that were stopped on the event loop and run again on a thread.',
      metrics.readsInterrupted,
    ),
    counter('writes', 'Writes and batches outside transactions.', metrics.writes),
    counter('commits', 'Commits of groups of writes and of transactions.', metrics.commits),
    counter('transactions', 'Transactions that were begun.', metrics.transactions),
    counter('rows_read', 'Rows that statements returned.', metrics.rowsRead),
    counter('rows_written', 'Rows inserted, updated and deleted.', metrics.rowsWritten),
    counter('slow_queries', 'Statements that took at least performance.slowQueryThreshold.', metrics.slowQueries),
    counter(
      'errors',
      'Calls that failed, by code.',
      Object.entries(metrics.errors).map(([code, count]) => [{ code }, count]),
    ),
    counter('busy_wait_seconds', 'Time that writes waited for locks of other processes.', metrics.busyWaitMs / 1_000),
    counter('checkpoints', 'Checkpoints by what they did.', [
      [{ outcome: 'copied' }, checkpoints.copies],
      [{ outcome: 'restarted' }, checkpoints.restarts],
      [{ outcome: 'unfinished' }, checkpoints.unfinished],
    ]),
  ]
}

function gauges(stats: ConnectionStats, health: HealthReport): Metric[] {
  const { log, cache } = stats
  return [
    gauge('up', '1 while the database is open.', stats.status === 'connected' ? 1 : 0),
    gauge(
      'health',
      '1 for the present status, 0 for the others.',
      (['healthy', 'degraded', 'unhealthy'] as const).map((status) => [{ status }, health.status === status ? 1 : 0]),
    ),
    gauge(
      'health_check',
      'Of each check: 1 pass, 0.5 warn, 0 fail.',
      health.checks.map(({ name, status }) => [{ check: name }, { pass: 1, warn: 0.5, fail: 0 }[status]]),
    ),
    gauge('queued_writes', 'Writes that wait.', stats.queuedWrites),
    gauge('queued_write_bytes', 'SQL and values of the writes that wait.', stats.queuedBytes),
    gauge('oldest_queued_seconds', 'How long the oldest of them has waited.', stats.oldestQueuedMs / 1_000),
    gauge('queued_reads', 'Reads that wait for a connection.', stats.queuedReads),
    gauge('connections', 'Open connections.', stats.connections.length),
    gauge('wal_bytes', "Size of the write-ahead log's file.", stats.walBytes),
    gauge('wal_limit_bytes', 'Where writes wait for the log.', log?.limitBytes ?? null),
    gauge('wal_frames', 'Pages in the log.', log?.frames ?? null),
    gauge('wal_copied_frames', 'Pages of the log that are in the database file.', log?.copied ?? null),
    gauge(
      'page_cache_hit_ratio',
      'Share of page reads answered by the page caches in the last minute.',
      stats.pageCacheHitRatio,
    ),
    gauge('result_cache_entries', 'Results that are kept.', cache?.entries ?? null),
    gauge('result_cache_bytes', 'What kept results take.', cache?.bytes ?? null),
  ]
}

/** Times are times, as is the custom: how old something is, is told by `time() -` of it. */
function backupGauges(backups: KnownBackups | null): Metric[] {
  const archive = backups?.archive ?? null
  const window = archive?.window ?? null
  return [
    gauge('backup_last_timestamp_seconds', 'When the newest whole backup was made.', seconds(backups?.lastAt)),
    gauge(
      'backup_last_verified_timestamp_seconds',
      'When the newest whole backup was checked last.',
      seconds(backups?.lastVerifiedAt),
    ),
    gauge('archive_up', '1 while what is committed is archived.', archive === null ? null : archive.archiving ? 1 : 0),
    gauge(
      'archive_window_seconds',
      'From the first to the last commit that can be restored to without a gap.',
      window === null ? null : (window.to.getTime() - window.from.getTime()) / 1_000,
    ),
    gauge('archive_backlog_bytes', 'What waits to be stored.', archive?.backlogBytes ?? null),
    gauge('archive_backlog_limit_bytes', 'Where archiving ends.', archive?.maxBacklogBytes ?? null),
    gauge(
      'archive_oldest_waiting_seconds',
      'How long the oldest of it has waited; 0 when nothing waits.',
      archive === null ? null : (archive.oldestMs ?? 0) / 1_000,
    ),
  ]
}

function seconds(time: Date | null | undefined): number | null {
  return time == null ? null : time.getTime() / 1_000
}

function gauge(name: string, help: string, samples: readonly Sample[] | number | null): Metric {
  const known: readonly Sample[] = typeof samples === 'number' || samples === null ? [[{}, samples]] : samples
  return { name: `noormme_${name}`, type: 'gauge', help, samples: known }
}

function linesOf({ name, type, help, samples }: Metric, common: Labels): string[] {
  const known = samples.filter(([, value]) => value !== null)
  if (known.length === 0) return []
  return [
    ...head(name, type, help),
    ...known.map(([labels, value]) => line(name, { ...common, ...labels }, value ?? 0)),
  ]
}

function histogram(name: string, help: string, { buckets, count, sumMs }: DurationHistogram, labels: Labels): string[] {
  return [
    ...head(name, 'histogram', help),
    ...buckets.map((bucket) => line(`${name}_bucket`, { ...labels, le: String(bucket.boundMs / 1_000) }, bucket.count)),
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, sumMs / 1_000),
    line(`${name}_count`, labels, count),
  ]
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${type}`]
}

function line(name: string, labels: Labels, value: number): string {
  const texts = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}{${texts.join(',')}} ${value}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
