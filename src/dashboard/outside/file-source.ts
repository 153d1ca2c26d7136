/**
 * A file that is looked at from outside, whoever runs it, with clean hands: see `sqlite/read-only-file.ts`.
 *
 * Looks never overlap, also not with an action: closing a descriptor of the file drops the locks that SQLite holds on it in
 * the same process (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 * A glance is taken each second; SQLite opens the file only when it has changed, and not more often than every other second.
 */
import { statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { MetricsPoint } from '../../engine/metrics/types.ts'
import { isNoormmeError } from '../../errors.ts'
import type { DiskSpace, Observed } from '../../health/types.ts'
import { diffSchemas } from '../../schema/diff.ts'
import { existingFile } from '../../sqlite/existing-file.ts'
import { toError } from '../../util/attempt.ts'
import { Mutex } from '../../util/mutex.ts'
import { PACKAGE_VERSION } from '../../util/package-version.ts'
import { emptyMetrics } from '../nothing-known.ts'
import type { ActionName, ActionResult, HealthNow, LogNow, Overview, SchemaSize } from '../protocol.ts'
import { shared } from '../shared.ts'
import type { Source, SourceTick } from '../source.ts'
import { describeSizes } from '../table-sizes.ts'
import { hiddenFile } from '../without-paths.ts'
import { actOnFile } from './act-on-file.ts'
import { assessFile } from './file-health.ts'
import { type Glance, glance, logOf, programRows } from './glance.ts'
import { type Inspection, inspect, MEASURED_BYTES, measure } from './inspection.ts'
import { keepPoint, pointBetween } from './points.ts'

const INSPECT_EVERY_MS = 2_000
/** Milliseconds: who has the file open changes without a commit. */
const INSPECT_IDLE_MS = 10_000
const MEASURED_FOR_MS = 30_000

const UNSEEN =
  'What the program does with the database (statements, latencies, queues, caches) only that program knows. Mount the dashboard in it to see that: docs/dashboard.md.'
const NO_PROGRAMS = 'This system does not tell which programs have the file open.'
const NOT_MEASURED = `Sizes of tables are left out: reading through a file of more than ${MEASURED_BYTES / 2 ** 20} MiB takes too long.`

/**
 * Whatever may come of the file later, it is one that can be looked at now.
 *
 * @throws ConnectionError, NotADatabaseError, BusyError.
 */
export async function openFileSource(path: string): Promise<FileSource> {
  const source = new FileSource(path)
  await inspectSteadily(source.path)
  return source
}

interface Now {
  readonly glance: Glance
  readonly health: HealthNow
  readonly log: LogNow | null
}

export class FileSource implements Source {
  readonly path: string
  readonly monitoring = null
  readonly hidden: ReadonlyMap<string, string>
  readonly #started = new Date()
  readonly #session = crypto.randomUUID().slice(0, 8)
  readonly #looking = new Mutex()
  readonly #points: MetricsPoint[] = []
  readonly #measured = shared(() => this.#alone(() => measure(this.path)), MEASURED_FOR_MS)
  /** Together, what pages ask at once is looked at once. */
  readonly #now = shared(() => this.#alone(() => this.#look()), 500)
  #before: Glance | null = null
  #inspected: { readonly stamp: string; readonly at: number } = { stamp: '', at: Number.NEGATIVE_INFINITY }
  #inspection: Inspection | null = null
  #answer: Observed<null> = { ms: 0, error: 'it has not been looked at yet' }
  #schemaChanges: string[] = []

  /** @param path of a file that is there; see {@link openFileSource}. */
  constructor(path: string) {
    this.path = existingFile(path)
    this.hidden = hiddenFile(this.path)
  }

  get actions(): readonly ActionName[] {
    return this.#inspection?.journalMode === 'wal' ? ['checkpoint', 'optimize'] : ['optimize']
  }

  get isOpen(): boolean {
    return this.#inspection !== null
  }

  watch(): () => void {
    this.#schemaChanges = []
    return () => {}
  }

  async overview(): Promise<Overview> {
    const { glance, health, log } = await this.#now()
    const { facts, journalMode, users = [], recommendations = [] } = this.#inspection ?? {}
    return {
      database: {
        seen: 'outside',
        missing: [
          UNSEEN,
          ...(process.platform === 'linux' ? [] : [NO_PROGRAMS]),
          ...((glance.sizeBytes ?? 0) > MEASURED_BYTES ? [NOT_MEASURED] : []),
        ],
        open: this.#inspection !== null,
        name: basename(this.path),
        sizeBytes: glance.sizeBytes,
        pageSize: facts?.pageSize ?? null,
        sqliteVersion: facts?.sqliteVersion ?? null,
        noormmeVersion: PACKAGE_VERSION,
        journalMode: journalMode ?? null,
        synchronous: null,
        native: null,
        readOnly: true,
        openSince: this.#started.toISOString(),
        session: this.#session,
      },
      health,
      metrics: emptyMetrics(this.#started),
      histories: [{ name: 'seconds', intervalMs: 1000, points: [...this.#points] }],
      connections: programRows(users, glance.holders),
      log,
      recommendations,
      backups: null,
      actions: this.actions,
    }
  }

  async tick(): Promise<SourceTick> {
    const { glance, health, log } = await this.#now()
    const { topStatements, slowStatements, nPlusOne, ...metrics } = emptyMetrics(this.#started)
    const point = pointBetween(this.#before, glance, log)
    if (this.#before?.at !== glance.at) keepPoint(this.#points, point)
    this.#before = glance
    const tick = {
      session: this.#session,
      point,
      minute: null,
      health,
      connections: programRows(this.#inspection?.users ?? [], glance.holders),
      log,
      sizeBytes: glance.sizeBytes,
      topStatements,
      slowStatements,
      nPlusOne,
      metrics,
      schemaChanges: this.#schemaChanges.splice(0),
      backups: null,
    }
    return { tick, isLast: false }
  }

  async schema(): Promise<SchemaSize[]> {
    const { schema, sizes } = await this.#measured()
    return describeSizes(schema, sizes)
  }

  async statement(): Promise<null> {
    return null
  }

  act(name: ActionName): Promise<ActionResult> | null {
    const journalMode = this.#inspection?.journalMode
    if (journalMode === undefined || !this.actions.includes(name)) return null
    return this.#alone(() => actOnFile(this.path, name, { journalMode }))
  }

  async #look(): Promise<Now> {
    const seen = glance(this.path)
    await this.#inspectIfChanged(seen)
    const health = assessFile({ now: new Date(), glance: seen, answer: this.#answer, disk: await diskSpace(this.path) })
    return { glance: seen, health, log: logOf(this.path, seen, this.#inspection?.facts.pageSize ?? null) }
  }

  async #inspectIfChanged({ stamp }: Glance): Promise<void> {
    const age = performance.now() - this.#inspected.at
    if (age < (stamp === this.#inspected.stamp ? INSPECT_IDLE_MS : INSPECT_EVERY_MS)) return
    try {
      const found = await inspectSteadily(this.path)
      const before = this.#inspection?.schema
      if (before !== undefined && before.version !== found.schema.version) {
        this.#schemaChanges.push(...diffSchemas(before, found.schema).map(({ details }) => details))
      }
      this.#inspection = found
      this.#answer = { ms: found.ms, value: null }
    } catch (error) {
      this.#answer = { ms: 0, error: toError(error).message }
    }
    this.#inspected = { stamp, at: performance.now() }
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.#looking.acquire()
    try {
      return await work()
    } finally {
      release()
    }
  }
}

/** A file that was at rest is read without locks; when somebody begins to write just then, the next look has them. */
async function inspectSteadily(path: string): Promise<Inspection> {
  try {
    return await inspect(path)
  } catch (error) {
    if (!isNoormmeError(error, 'NOORMME_CONNECTION')) throw error
    return inspect(path)
  }
}

async function diskSpace(path: string): Promise<Observed<DiskSpace>> {
  const start = performance.now()
  try {
    const { bavail, blocks, bsize } = await statfs(path)
    return { ms: performance.now() - start, value: { freeBytes: bavail * bsize, totalBytes: blocks * bsize } }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    return { ms: performance.now() - start, error: toError(error).message, code }
  }
}
