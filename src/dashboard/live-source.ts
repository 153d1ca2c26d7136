/** A database that runs in this process, through its public methods. Only looks; what it asks is answered by nobody's queue. */
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { MetricsPoint, PerformanceMetrics, SlowStatement } from '../engine/metrics/types.ts'
import type { ConnectionStats } from '../health/connection-stats.ts'
import type { HealthReport } from '../health/types.ts'
import { readLockHolders } from '../sqlite/lock-holders.ts'
import { PACKAGE_VERSION } from '../util/package-version.ts'
import { BackupsLook } from './backups-now.ts'
import { connectionRows, logNow, pageSizeOf } from './connections-now.ts'
import type { DashboardDatabase } from './database.ts'
import { healthHandler } from './health-handler.ts'
import { metricsHandler } from './metrics-handler.ts'
import { emptyPoint } from './nothing-known.ts'
import type { ActionName, ActionResult, HealthNow, LogNow, Overview, SchemaSize, StatementDetail } from './protocol.ts'
import { runAction } from './run-action.ts'
import { shared } from './shared.ts'
import type { Monitoring, Source, SourceTick } from './source.ts'
import { describeSizes, readSizes } from './table-sizes.ts'
import { hiddenFile, withoutFolders } from './without-paths.ts'

/** Milliseconds: `dbstat` reads through the file, at most for so long, and not again for the next while. */
const MEASURE_LIMIT_MS = 2_000
const MEASURED_FOR_MS = 30_000
/** Milliseconds that advice, which needs reads of its own, may keep the overview waiting. */
const ADVICE_LIMIT_MS = 2_000
const ADVISED_FOR_MS = 10_000
/** As many as slow statements are kept, and some. */
const MOST_EXPLAINED = 500

/** What is asked each second, together. */
interface Now {
  readonly stats: ConnectionStats
  readonly metrics: PerformanceMetrics
  readonly health: HealthNow
  readonly log: LogNow | null
  readonly sizeBytes: number | null
  readonly session: string
}

export class LiveSource implements Source {
  readonly actions: readonly ActionName[]
  readonly monitoring: Monitoring
  readonly #db: DashboardDatabase
  readonly #backups: BackupsLook
  /** Another one in each process, so that a session is never taken for one of before a restart. */
  readonly #process = crypto.randomUUID().slice(0, 8)
  readonly #sizes = shared(() => this.#readSizes(), MEASURED_FOR_MS)
  readonly #advice = shared(() => this.#readAdvice(), ADVISED_FOR_MS)
  #path: string | null = null
  #lastMinute = 0
  #wasOpen = false
  #schemaChanges: string[] = []
  /** Slow statements whose plan has been asked for. */
  readonly #explained = new Set<string>()

  constructor(db: DashboardDatabase) {
    this.#db = db
    this.#backups = new BackupsLook(db.backups)
    this.actions = ['checkpoint', 'optimize', ...(db.backups.target === null ? [] : (['backup'] as const))]
    this.monitoring = { metrics: metricsHandler(db), health: healthHandler(db) }
  }

  get hidden(): ReadonlyMap<string, string> {
    return hiddenFile(this.#path)
  }

  get isOpen(): boolean {
    return this.#db.isInitialized()
  }

  watch(): () => void {
    this.#schemaChanges = []
    this.#wasOpen = false
    return this.#db.onSchemaChange((changes) => this.#schemaChanges.push(...changes.map(({ details }) => details)))
  }

  async overview(): Promise<Overview> {
    const now = await this.#now()
    const isOpen = now.stats.status === 'connected'
    const [recommendations, ...histories] = await Promise.all([
      isOpen ? this.#advice() : [],
      ...(isOpen ? (['seconds', 'minutes'] as const).map((name) => this.#db.getMetricsHistory(name)) : []),
    ])
    const writer = now.stats.connections.find(({ label }) => label === 'writer')?.pragmas ?? null
    return {
      database: {
        seen: 'inside',
        missing: [],
        open: isOpen,
        name: this.#path === null ? 'database' : basename(this.#path),
        sizeBytes: now.sizeBytes,
        pageSize: pageSizeOf(now.stats.connections),
        sqliteVersion: now.stats.sqliteVersion,
        noormmeVersion: PACKAGE_VERSION,
        journalMode: writer?.journal_mode ?? null,
        synchronous: writer?.synchronous ?? null,
        native: nativeNow(now.stats.native),
        readOnly: writer?.query_only ?? false,
        openSince: isOpen ? now.metrics.since : null,
        session: now.session,
      },
      health: now.health,
      metrics: now.metrics,
      histories,
      connections: connectionRows(now.stats),
      log: now.log,
      recommendations,
      backups: await this.#backups.first(),
      actions: this.actions,
    }
  }

  async tick(): Promise<SourceTick> {
    const now = await this.#now()
    const isOpen = now.stats.status === 'connected'
    const point = await this.#newest('seconds', isOpen)
    const minute = await this.#newest('minutes', isOpen)
    const { topStatements, slowStatements, nPlusOne, ...metrics } = now.metrics
    const tick = {
      session: now.session,
      point: point ?? emptyPoint(Date.now()),
      minute: minute !== null && minute.at !== this.#lastMinute ? minute : null,
      health: now.health,
      connections: connectionRows(now.stats),
      log: now.log,
      sizeBytes: now.sizeBytes,
      topStatements,
      slowStatements,
      nPlusOne,
      metrics,
      schemaChanges: this.#schemaChanges.splice(0),
      backups: this.#backups.known,
    }
    this.#lastMinute = minute?.at ?? 0
    const isLast = this.#wasOpen && !isOpen
    this.#wasOpen = isOpen
    if (isOpen) this.#explainOne(slowStatements)
    return { tick, isLast }
  }

  async schema(): Promise<SchemaSize[]> {
    if (!this.#db.isInitialized()) return []
    return describeSizes(await this.#db.getSchemaInfo(), await this.#sizes())
  }

  async statement(id: string): Promise<StatementDetail | null> {
    const { topStatements, slowStatements } = forPages(await this.#db.getPerformanceMetrics())
    const statement = topStatements.find((each) => each.id === id)
    if (statement === undefined) return null
    return { statement, plan: await this.#plan(id), slow: slowStatements.filter((each) => each.id === id) }
  }

  act(name: ActionName): Promise<ActionResult> | null {
    if (!this.actions.includes(name)) return null
    // Nothing that is done from a page opens a database.
    if (!this.#db.isInitialized()) return Promise.resolve({ ok: false, detail: 'The database is not open.' })
    return this.#db.detached(() => runAction(this.#db, name))
  }

  async #now(): Promise<Now> {
    const [stats, report] = await Promise.all([this.#db.getConnectionStats(), this.#db.healthCheck()])
    if (stats.path !== null) this.#path = stats.path
    const isOpen = stats.status === 'connected'
    const metrics = forPages(await this.#db.getPerformanceMetrics())
    const onDisk = stats.path !== null && stats.path !== ':memory:' ? stats.path : null
    return {
      stats,
      metrics,
      health: healthNow(report),
      log: logNow(stats, onDisk === null ? [] : otherHolders(onDisk)),
      sizeBytes: onDisk === null ? null : await sizeOf(onDisk),
      session: isOpen ? `${this.#process} ${metrics.since}` : `${this.#process} closed`,
    }
  }

  async #newest(name: 'seconds' | 'minutes', isOpen: boolean): Promise<MetricsPoint | null> {
    return isOpen ? ((await this.#db.getMetricsHistory(name)).points.at(-1) ?? null) : null
  }

  /** A slow statement should be seen with its plan: one is asked for each second. */
  #explainOne(slowStatements: readonly SlowStatement[]): void {
    const next = slowStatements.find(({ id, plan }) => plan === null && !this.#explained.has(id))
    if (next === undefined) return
    if (this.#explained.size >= MOST_EXPLAINED) this.#explained.clear()
    this.#explained.add(next.id)
    void this.#plan(next.id)
  }

  async #plan(id: string): Promise<readonly string[] | null> {
    if (!this.#db.isInitialized()) return null
    // Closed meanwhile: then there is no plan.
    return this.#db.getStatementPlan(id).catch(() => null)
  }

  async #readSizes(): ReturnType<typeof readSizes> {
    return readSizes({ execute: (sql) => this.#read(sql, MEASURE_LIMIT_MS) }, { measure: true })
  }

  async #readAdvice(): Promise<Overview['recommendations']> {
    const limit = Promise.withResolvers<readonly never[]>()
    const timer = setTimeout(() => limit.resolve([]), ADVICE_LIMIT_MS)
    try {
      const advice = this.#db.detached(() => this.#db.getSQLiteOptimizations())
      return await Promise.race([advice.then(({ recommendations }) => recommendations), limit.promise])
    } catch {
      // Closed or damaged: health says so.
      return []
    } finally {
      clearTimeout(timer)
    }
  }

  #read(sql: string, timeout: number): ReturnType<DashboardDatabase['execute']> {
    return this.#db.detached(() => this.#db.execute(sql, [], { timeout }))
  }
}

function healthNow({ status, checks, timestamp }: HealthReport): HealthNow {
  return { status, checks, at: timestamp }
}

function nativeNow(native: ConnectionStats['native']): ConnectionStats['native'] {
  if (native === null) return null
  return { ...native, reason: native.reason === null ? null : withoutFolders(native.reason) }
}

/** Places in the code without folders, and of bound values the types, also where the values themselves are kept. */
function forPages(metrics: PerformanceMetrics): PerformanceMetrics {
  return {
    ...metrics,
    slowStatements: metrics.slowStatements.map((slow) => ({
      ...slow,
      parameters: slow.parameters.map((parameter) => parameter.split(' ')[0] ?? ''),
      origin: slow.origin === null ? null : withoutFolders(slow.origin),
    })),
    nPlusOne: metrics.nPlusOne.map((suspect) => ({ ...suspect, origin: withoutFolders(suspect.origin) })),
  }
}

/** Only asked for: opening and closing the file here would drop SQLite's locks on it. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch {
    // Removed: the health check `file` says so.
    return null
  }
}

function otherHolders(path: string): string[] {
  return (readLockHolders(path) ?? []).map(
    ({ pid, name, locks }) => `process ${pid}${name === null ? '' : ` (${name})`}: ${locks.join(', ')}`,
  )
}
