import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { backticked, tableRows } from '../../../scripts/lib/markdown.ts'
import { samplesOf } from '../../../test/support/parse-prometheus.ts'
import { tempDatabase } from '../../../test/support/temp-database.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { metricsHandler } from '../../dashboard/metrics-handler.ts'
import type { MetricsPoint, PerformanceMetrics, StatementMetrics } from './types.ts'

type Keys<T> = Readonly<Record<keyof T, true>>

// Typed by what they document, so that one more does not compile.
const METRICS: Keys<PerformanceMetrics> = {
  timestamp: true,
  since: true,
  queries: true,
  readsInline: true,
  readsThreaded: true,
  readsCached: true,
  readsInterrupted: true,
  writes: true,
  commits: true,
  transactions: true,
  rowsRead: true,
  rowsWritten: true,
  read: true,
  write: true,
  readHistogram: true,
  writeHistogram: true,
  batch: true,
  busyWaitMs: true,
  slowQueries: true,
  errors: true,
  checkpoints: true,
  pageCacheHitRatio: true,
  resultCacheHitRatio: true,
  loopDelay: true,
  topStatements: true,
  slowStatements: true,
  nPlusOne: true,
}
const STATEMENT: Keys<StatementMetrics> = {
  id: true,
  fingerprint: true,
  kind: true,
  calls: true,
  errors: true,
  rows: true,
  changes: true,
  totalMs: true,
  runningMs: true,
  latency: true,
  slow: true,
  lastAt: true,
}
const POINT: Keys<MetricsPoint> = {
  at: true,
  readsInline: true,
  readsThreaded: true,
  readsCached: true,
  writes: true,
  commits: true,
  transactions: true,
  errors: true,
  slow: true,
  rowsRead: true,
  rowsWritten: true,
  busyWaitMs: true,
  read: true,
  write: true,
  batchMean: true,
  batchMax: true,
  queuedWrites: true,
  oldestQueuedMs: true,
  queuedReads: true,
  walBytes: true,
  walUsedBytes: true,
  walCopiedBytes: true,
  checkpointCopies: true,
  checkpointRestarts: true,
  checkpointsUnfinished: true,
  pageCacheHitRatio: true,
  resultCacheHitRatio: true,
  loopDelayP99: true,
  loopDelayMax: true,
  cpu: true,
  loopUtilization: true,
}

const firstCells = async (page: string): Promise<string[]> => {
  const text = await readFile(new URL(`../../../docs/${page}`, import.meta.url), 'utf8')
  return tableRows(text).map(([cell]) => cell ?? '')
}

test('docs/metrics.md describes exactly the fields that there are, in their order', async () => {
  const names = (await firstCells('metrics.md')).flatMap((cell) => cell.split(', '))
  const known = [METRICS, STATEMENT, POINT].flatMap((keys) => Object.keys(keys))
  expect(names.filter((name) => known.includes(name))).toEqual(known)
})

test('docs/telemetry.md names exactly the metrics that are served', async () => {
  const names = (await firstCells('telemetry.md')).flatMap(backticked).filter((name) => name.startsWith('noormme_'))
  const backup = { target: join(tempFolder(), 'backups'), schedule: false } as const
  const { db } = tempDatabase({ backup, performance: { enableCaching: true } })
  await db.backups.create()
  await db.execute('SELECT nothing').catch(() => {})
  const text = await (await metricsHandler(db)(new Request('http://localhost/metrics'))).text()
  await db.close()
  const served = new Set([...samplesOf(text).keys()].map((name) => name.replace(/(_bucket|_sum|_count)?\{.*/, '')))
  // What is there only with the native extension.
  const optional = /^noormme_page_cache_/
  const named = new Set(names.map((name) => name.replace(/\{.*/, '')))
  expect([...named].filter((name) => !optional.test(name)).sort()).toEqual(
    [...served].filter((name) => !optional.test(name)).sort(),
  )
})
