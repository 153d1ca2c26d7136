/**
 * What is recorded of one engine at work, for all who share it: always on, in fixed memory.
 *
 *     statements ──┐                                    ┌──▶ since it was opened
 *     commits   ───┼──▶ the present second ──each second┼──▶ the last 15 minutes, a point a second
 *     the loop  ───┘                                    └──▶ the present minute ──▶ the last 24 hours
 *
 * Whoever has run a statement says so ({@link answered}, {@link failed}). Timers run from {@link start} to {@link stop} and
 * keep no process alive.
 */
import type { EngineStats } from '../types.ts'
import { Histogram } from './histogram.ts'
import { Peaks, pointOf, type Totals } from './interval.ts'
import { LoopDelay } from './loop-delay.ts'
import { Ring } from './ring.ts'
import { StatementRecords } from './statement-records.ts'
import type { HistoryName, MetricsHistory, MetricsPoint, NPlusOneSuspect, SlowStatement } from './types.ts'

export const INTERVALS: Readonly<Record<HistoryName, { readonly intervalMs: number; readonly points: number }>> = {
  seconds: { intervalMs: 1_000, points: 900 },
  minutes: { intervalMs: 60_000, points: 1_440 },
}
/** What is looked back on to judge the event loop: a single pause says little. */
const LOOP_SECONDS = 10
const MOST_SLOW = 100
const MOST_SUSPECTS = 50

/** What is counted by the parts of the engine themselves. */
export type RecordedStats = Pick<EngineStats, 'counters' | 'cache' | 'log' | 'pageCacheHitRatio'>

/** A statement that was answered. */
export interface Answer {
  readonly sql: string
  readonly rows: number
  readonly changes: number
  /** From call to answer (ms), and of that in SQLite, as far as it is known. */
  readonly duration: number
  readonly running: number
}

export class EngineRecord {
  readonly since = new Date()
  readonly statements = new StatementRecords()
  readonly errors = new Map<string, number>()
  readonly slow = new Ring<SlowStatement>(MOST_SLOW)
  readonly reads = new Histogram()
  readonly writes = new Histogram()
  readonly loop = new Histogram()
  readonly #suspects = new Map<string, NPlusOneSuspect>()
  readonly #seconds = new Ring<MetricsPoint>(INTERVALS.seconds.points)
  readonly #minutes = new Ring<MetricsPoint>(INTERVALS.minutes.points)
  readonly #second = new Peaks()
  readonly #minute = new Peaks()
  readonly #loopDelay = new LoopDelay()
  #timer: NodeJS.Timeout | null = null
  #secondBefore: Totals | null = null
  #minuteBefore: Totals | null = null
  #errorCount = 0
  #slowCount = 0
  #rowsRead = 0
  #rowsWritten = 0
  #groupedWrites = 0
  #groups = 0
  #batchMax = 0
  #busyWaitMs = 0
  #queries = 0
  /** To the second (ms since 1970): a statement is counted without a look at the clock. */
  #coarseNow = Date.now()
  readonly #now: () => number

  /** `now`: the clock of `performance`. */
  constructor({ now = () => performance.now() }: { readonly now?: () => number } = {}) {
    this.#now = now
  }

  /** A statement was answered. */
  answered({ sql, rows, changes, duration, running }: Answer): void {
    const record = this.statements.of(sql)
    this.#queries++
    this.#rowsRead += rows
    this.#rowsWritten += changes
    record.calls++
    record.rows += rows
    record.changes += changes
    record.totalMs += duration
    record.runningMs += running
    record.lastAt = this.#coarseNow
    record.lastUse = this.#queries
    record.durations.record(duration)
    if (record.kind === 'read') this.#second.read.record(duration)
    else this.#second.write.record(duration)
  }

  /** Statements failed together: one, or those of a batch. */
  failed(statements: readonly { readonly sql: string }[], code: string): void {
    this.#errorCount++
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1)
    for (const { sql } of statements) {
      const record = this.statements.of(sql)
      this.#queries++
      record.calls++
      record.errors++
      record.lastAt = this.#coarseNow
      record.lastUse = this.#queries
    }
  }

  /** A statement took long. */
  wasSlow(sql: string, call: Omit<SlowStatement, 'id' | 'sql' | 'plan'>): void {
    const record = this.statements.of(sql)
    this.#slowCount++
    record.slow++
    const { kind, at, duration, running, waited, rows, changes, connection, scope, error, origin, parameters } = call
    const measured = {
      kind,
      at,
      duration,
      running,
      waited,
      rows,
      changes,
      connection,
      scope,
      error,
      origin,
      parameters,
    }
    this.slow.push({ id: record.id, sql: record.text, ...measured, plan: null })
  }

  suspected(suspect: NPlusOneSuspect): void {
    const key = `${suspect.origin}\n${suspect.sql}`
    this.#suspects.delete(key)
    if (this.#suspects.size >= MOST_SUSPECTS) {
      const oldest = this.#suspects.keys().next()
      if (oldest.done !== true) this.#suspects.delete(oldest.value)
    }
    this.#suspects.set(key, suspect)
  }

  /** So many writes were committed together. */
  committed(writes: number): void {
    this.#groups++
    this.#groupedWrites += writes
    this.#batchMax = Math.max(this.#batchMax, writes)
    this.#second.batchMax = Math.max(this.#second.batchMax, writes)
  }

  busyWaited(ms: number): void {
    this.#busyWaitMs += ms
  }

  get queries(): number {
    return this.#queries
  }

  get batchMax(): number {
    return this.#batchMax
  }

  /** The newest first. */
  get suspects(): NPlusOneSuspect[] {
    return [...this.#suspects.values()].reverse()
  }

  history(name: HistoryName): MetricsHistory {
    const ring = name === 'seconds' ? this.#seconds : this.#minutes
    return { name, intervalMs: INTERVALS[name].intervalMs, points: ring.toArray() }
  }

  /** Durations since it was opened, the present second included. */
  durations(of: 'read' | 'write' | 'loop'): Histogram {
    const all = new Histogram()
    all.add({ read: this.reads, write: this.writes, loop: this.loop }[of])
    all.add(of === 'loop' ? this.#loopDelay.delays : this.#second[of])
    return all
  }

  /** Of the last ten seconds the largest delays: in their middle, and of all; `null` before there were five. */
  get recentLoop(): { readonly typicalMaxMs: number; readonly maxMs: number } | null {
    const delays = this.#seconds
      .toArray()
      .slice(-LOOP_SECONDS)
      .map(({ loopDelayMax }) => loopDelayMax)
    if (delays.length < LOOP_SECONDS / 2) return null
    delays.sort((a, b) => a - b)
    return { typicalMaxMs: delays[Math.floor(delays.length / 2)] ?? 0, maxMs: delays.at(-1) ?? 0 }
  }

  totals({ counters, cache, log }: RecordedStats): Totals {
    const { user, system } = process.cpuUsage()
    const checkpoints = log?.checkpoints
    return {
      readsInline: counters.readsInline,
      readsThreaded: counters.readsThreaded,
      readsCached: cache?.hits ?? 0,
      cacheMisses: cache?.misses ?? 0,
      writes: counters.writes,
      commits: counters.commits,
      transactions: counters.transactions,
      errors: this.#errorCount,
      slow: this.#slowCount,
      rowsRead: this.#rowsRead,
      rowsWritten: this.#rowsWritten,
      groupedWrites: this.#groupedWrites,
      groups: this.#groups,
      busyWaitMs: this.#busyWaitMs,
      checkpointCopies: checkpoints?.copies ?? 0,
      checkpointRestarts: checkpoints?.restarts ?? 0,
      checkpointsUnfinished: checkpoints?.unfinished ?? 0,
      cpuMs: (user + system) / 1_000,
      loopActiveMs: performance.eventLoopUtilization().active,
      atMs: this.#now(),
    }
  }

  /** Begins the histories. */
  start(stats: () => EngineStats): void {
    this.#secondBefore = this.totals(stats())
    this.#minuteBefore = this.#secondBefore
    this.#loopDelay.start()
    this.#timer = setInterval(() => this.sample(stats()), INTERVALS.seconds.intervalMs).unref()
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#loopDelay.stop()
  }

  /** Ends a second, and with it a minute when that is over. */
  sample(stats: EngineStats, at = Date.now()): void {
    const after = this.totals(stats)
    this.#coarseNow = at
    this.#second.loop.add(this.#loopDelay.delays)
    this.#loopDelay.delays.clear()
    const before = this.#secondBefore ?? after
    this.#seconds.push(pointOf({ before, after, peaks: this.#second, stats, at }))
    this.#secondBefore = after
    this.reads.add(this.#second.read)
    this.writes.add(this.#second.write)
    this.loop.add(this.#second.loop)
    this.#minute.add(this.#second)
    this.#second.clear()
    this.#minuteBefore ??= after
    const minuteBefore = this.#minuteBefore
    // Timers come a little late, and may come a little early by this clock.
    if (after.atMs - minuteBefore.atMs < INTERVALS.minutes.intervalMs - INTERVALS.seconds.intervalMs / 2) return
    this.#minutes.push(pointOf({ before: minuteBefore, after, peaks: this.#minute, stats, at }))
    this.#minuteBefore = after
    this.#minute.clear()
  }
}
