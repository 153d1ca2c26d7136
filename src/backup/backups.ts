/**
 * The backups of one database: made by hand or on schedule, one job at a time in a target, whoever makes it.
 *
 *     resting ──start()──▶ scheduled ──stop()──▶ resting
 *
 * What needs the target alone works in both; making a backup opens the database when nothing has yet. `stop()` gives up what
 * is under way, and waits until nothing is left of it.
 */
import type { ResolvedConfig } from '../config/types.ts'
import type { BackupEvent } from '../engine/backup/event-types.ts'
import type { EngineArchive } from '../engine/types.ts'
import { BackupError, BackupRunningError, ClosedError } from '../errors.ts'
import type { CopyOptions, CopyResult } from '../sqlite/copy-types.ts'
import { toError } from '../util/attempt.ts'
import { ArchiveKeeper } from './archive/archive-keeper.ts'
import { archiveStatus, knownArchive } from './archive/archive-status.ts'
import { readPoints, readStreams } from './archive/catalogue.ts'
import { type ArchivePoint, type ArchiveWindow, type PointsOptions, windowsOf } from './archive/plan.ts'
import { createSnapshot } from './create-snapshot.ts'
import { type DrillOptions, type DrillReport, drill } from './drill.ts'
import { listSnapshots, toBackup } from './list-snapshots.ts'
import { checkOptions } from './options.ts'
import { type PruneReport, prune } from './prune.ts'
import { POINT, type RestorePoint } from './restore/point.ts'
import type { RestoreReport } from './restore/report.ts'
import { restoreTo } from './restore/restore-backup.ts'
import { Schedule } from './schedule.ts'
import { openStore } from './store/open-store.ts'
import type { BackupStore } from './store/types.ts'
import type { ArchiveStatus, Backup, BackupStatus, CreateOptions, JobOptions, KnownBackups } from './types.ts'
import { verifySnapshot } from './verify-snapshot.ts'

/** What backups need of a database; in words of its own, because it stands in the types that users see. */
export interface BackedUp {
  /** Opens it when nothing has yet. */
  ready(): Promise<unknown>
  /** `null` while it is closed, and where nothing is archived. */
  readonly archive: EngineArchive | null
  copy(path: string, options?: CopyOptions): Promise<CopyResult>
  assertOutside(what: string): void
  detached<T>(fn: () => T): T
}

export interface BackupsParts {
  readonly engine: BackedUp
  readonly config: Pick<ResolvedConfig, 'path' | 'backup' | 'extensions' | 'setup'>
  /** Default: the one that the configuration describes. */
  readonly store?: BackupStore
  /** Told of every job that has ended. */
  readonly onEvent: (event: BackupEvent) => void
}

/** What a list of backups is taken for without asking again: other processes may make and remove some (ms). */
const LIST_AGE_MS = 60_000

const JOB = { signal: 'signal', onProgress: 'function' } as const

type Done = Partial<Pick<BackupEvent, 'id' | 'bytes'>>

export class Backups {
  readonly #parts: BackupsParts
  #store: BackupStore | null = null
  #schedule: Schedule | null = null
  readonly #keeper: ArchiveKeeper
  #closing = new AbortController()
  readonly #jobs = new Map<Promise<unknown>, NonNullable<BackupStatus['running']>>()
  #error: Error | null = null
  /** Why the target could not be looked into; `null` once it could. */
  #unlistable: Error | null = null
  #listed: { readonly backups: readonly Backup[]; readonly atMs: number } | null = null
  #looking: Promise<unknown> = Promise.resolve()

  constructor(parts: BackupsParts) {
    this.#parts = parts
    this.#store = parts.store ?? null
    this.#keeper = new ArchiveKeeper({
      store: () => this.#target(),
      streams: async () =>
        new Set((await this.list()).flatMap(({ ok, archive }) => (ok && archive ? archive.stream : []))),
      create: async () => {
        await this.#create({}, null)
      },
      onFailure: (reason) => this.#archiveFailed(reason),
    })
  }

  /**
   * Makes a backup now, beside reads and writes, and removes those that are not kept any more. It is one when this resolves:
   * copied, opened, checked, and on the disk.
   *
   * @example
   * const { id, bytes } = await db.backups.create({ onProgress: ({ phase, bytes, totalBytes }) => console.log(phase, bytes / totalBytes) })
   * @throws BackupRunningError when another job is under way in the same target, in this process or another.
   * @throws CorruptionError when the copy is not whole, because the database is not; BackupStoreError, DiskFullError, AbortedError.
   * @throws TransactionError inside a transaction or snapshot, which the copy would wait for.
   */
  async create(options: CreateOptions = {}): Promise<Backup> {
    checkOptions('backups.create', options, { ...JOB, rateLimit: 'rate' })
    this.#parts.engine.assertOutside('backups.create()')
    const backup = await this.#create(options, null)
    if (backup === null) throw new BackupError({ reason: 'it was not needed', advice: 'Make it again.' })
    return backup
  }

  /** What backups there are, the oldest first, and what the last check of each has found. */
  async list(): Promise<readonly Backup[]> {
    const backups = await listSnapshots(this.#target())
    this.#listed = { backups, atMs: performance.now() }
    this.#unlistable = null
    return backups
  }

  /**
   * Checks a backup again as it lies there: every byte against its hash, the file by SQLite's `integrity_check`, the rows of each
   * table. One that is damaged is no error here: `ok` is `false`, and `list()` says so from then on.
   *
   * @param id default: the newest.
   * @throws BackupMissingError with the ids that there are; BackupDamagedError when its manifest cannot be read.
   */
  async verify(id?: string, options: JobOptions = {}): Promise<Backup> {
    checkOptions('backups.verify', options, JOB)
    return this.#job('verify', options, async (job) => {
      const backup = await verifySnapshot(this.#target(), id, { ...job, extensions: this.#extensions })
      return [backup, { id: backup.id, bytes: backup.bytes }]
    })
  }

  /**
   * Rehearses a restore: the newest backup, or the one that is named, is restored to a scratch place, checked and removed again.
   *
   * @example
   * const { createdAt, rows, duration } = await db.backups.drill()
   * @throws what a restore would throw.
   */
  async drill(options: DrillOptions = {}): Promise<DrillReport> {
    checkOptions('backups.drill', options, { ...JOB, id: 'text', folder: 'text' })
    return this.#job('drill', options, async (job) => {
      const report = await drill(this.#target(), { ...options, ...job, extensions: this.#extensions })
      return [report, { id: report.id, bytes: report.bytes }]
    })
  }

  /**
   * Removes the backups that `backup.keepLast`, `keepDaily` and `keepWeekly` do not keep, and what killed jobs have left. The newest
   * that is whole always stays. It happens by itself after every backup.
   *
   * @param options `dryRun: true` only says what would be removed.
   * @throws BackupRunningError when another job is under way in the same target.
   */
  async prune(options: { readonly dryRun?: boolean | undefined } = {}): Promise<PruneReport> {
    checkOptions('backups.prune', options, { dryRun: 'flag' })
    return this.#job('prune', {}, async () => {
      const report = await this.#locked((store) => this.#prune(store, options.dryRun ?? false))
      return [report, { bytes: report.freedBytes }]
    })
  }

  /**
   * Restores to another path while this database is in use: the newest state, that of a time, that behind a commit, or a backup as
   * it is. To put one in the place of this database, close it first and use `restoreBackup()` or `noormme restore`.
   *
   * @example
   * await db.backups.restore({ to: './before.db', at: new Date('2026-11-26T17:30:00Z') })
   * @param options `at`, `commit` or `id`, of which one may be given. Default: all that is committed now.
   * @throws FileInUseError when some process has the database at `to` open; BackupMissingError, BackupDamagedError.
   */
  async restore(options: JobOptions & RestorePoint & { readonly to: string }): Promise<RestoreReport> {
    checkOptions('backups.restore', options, { ...JOB, ...POINT, to: 'text' }, ['to'])
    const { to, ...rest } = options
    if (options.id === undefined) await this.#keeper.flush()
    return restoreTo(this.#target(), to, { ...rest, extensions: this.#extensions })
  }

  /**
   * From when to when every commit can be restored to, the oldest first: more than one where there was a gap in between. Empty
   * without an archive.
   *
   * @example
   * const window = (await db.backups.windows()).at(-1)
   */
  async windows(): Promise<ArchiveWindow[]> {
    const store = this.#target()
    const [backups, { streams }] = [await this.list(), await readStreams(store)]
    return windowsOf(
      backups.filter(({ ok }) => ok),
      streams,
    )
  }

  /**
   * Commits that can be restored to, the newest first, each with its time.
   *
   * @param options `before`: a commit or a time that they come before; `limit`: the most of them. Default: the newest 100.
   * @example
   * const [last] = await db.backups.points({ before: new Date('2026-11-26T17:30:00Z'), limit: 1 })
   */
  async points(options: PointsOptions = {}): Promise<ArchivePoint[]> {
    checkOptions('backups.points', options, { before: 'point', limit: 'count' })
    await this.#keeper.flush()
    return readPoints(this.#target(), await this.windows(), options)
  }

  /**
   * How backups are: what there is, what is under way, when the next is due, and why the last job failed if it did. Never throws; a
   * folder that cannot be read is the `error`.
   */
  async status(): Promise<BackupStatus> {
    const { target } = this.#parts.config.backup
    const known = this.#listed
    const fresh = known !== null && performance.now() - known.atMs < LIST_AGE_MS
    if (target !== null && !fresh) {
      await this.list().catch((error: unknown) => {
        this.#unlistable = toError(error)
      })
    }
    return {
      target: target === null ? null : this.#target().description,
      backups: this.#listed?.backups ?? [],
      running: [...this.#jobs.values()][0] ?? null,
      next: this.#schedule?.next ?? null,
      error: this.#unlistable ?? this.#error,
      archive: await this.#archiveStatus(this.#listed?.backups ?? []),
    }
  }

  /** Where they are kept, a folder's path or `s3://bucket/prefix`; `null` where none are configured. */
  get target(): string | null {
    return this.#parts.config.backup.target === null ? null : this.#target().description
  }

  /**
   * What is known without asking, for the health check. `null` where no backups are configured, and until the folder has been looked
   * into for the first time.
   */
  get known(): KnownBackups | null {
    if (this.#listed === null && this.#unlistable === null) return null
    const backups = this.#listed?.backups ?? []
    const newest = backups.filter(({ ok }) => ok).at(-1)
    return {
      lastAt: newest?.createdAt ?? null,
      lastVerifiedAt: newest?.checkedAt ?? null,
      archive: knownArchive(this.#parts.config.backup, this.#parts.engine.archive, this.#keeper, backups),
      maxAgeMs: this.#schedule?.maxAgeMs ?? Number.POSITIVE_INFINITY,
      error: (this.#unlistable ?? this.#error)?.message ?? null,
    }
  }

  /** The database is open: what is committed is archived, and backups are made on schedule from now on. */
  start(archive: EngineArchive | null = this.#keeper.archive): void {
    const { target, schedule: pattern } = this.#parts.config.backup
    if (archive !== null) this.#parts.engine.detached(() => this.#keeper.start(archive))
    this.#looking = this.#parts.engine.detached(() => this.status())
    if (target === null || pattern === null || this.#schedule !== null) return
    this.#schedule = this.#parts.engine.detached(
      () =>
        new Schedule({
          pattern,
          newest: async () => newestOf(await this.list()),
          run: async (due) => {
            await this.#create({}, due)
          },
        }),
    )
  }

  /** Gives up what is under way; resolves when nothing is left of it. */
  async stop(): Promise<void> {
    this.#closing.abort(new ClosedError({ what: 'the database' }))
    const schedule = this.#schedule
    this.#schedule = null
    await Promise.all([
      this.#looking,
      schedule?.end(),
      this.#keeper.stop(),
      ...[...this.#jobs.keys()].map((job) => job.catch(() => {})),
    ])
    this.#closing = new AbortController()
  }

  /** The database is closed, all of it archived: what is finished is stored, and the store lets go of its connections. */
  async closed(): Promise<void> {
    await this.#keeper.close()
    await this.#store?.close()
  }

  /** @param due makes none when one has come since then, and resolves with `null`. */
  #create(options: CreateOptions, due: Date | null): Promise<Backup | null> {
    const { engine, config } = this.#parts
    const rateLimit = options.rateLimit ?? config.backup.rateLimit ?? undefined
    return this.#job('create', { ...options, scheduled: due !== null }, (job) =>
      this.#locked(async (store): Promise<[Backup | null, Done | null]> => {
        const newest = due === null ? null : newestOf(await listSnapshots(store))
        if (due !== null && newest !== null && newest >= due) return [null, null]
        await engine.ready()
        const source = { engine, path: config.path, extensions: this.#extensions, archive: engine.archive }
        const manifest = await createSnapshot(source, store, { ...job, rateLimit })
        await this.#prune(store, false)
        return [toBackup(manifest, null), { id: manifest.id, bytes: manifest.bytes }]
      }),
    )
  }

  async #prune(store: BackupStore, dryRun: boolean): Promise<PruneReport> {
    return prune(store, this.#parts.config.backup, { now: new Date(), dryRun })
  }

  #archiveFailed(reason: Error | string): void {
    const advice = 'A new backup is made by itself, and archiving goes on from there.'
    const error =
      typeof reason === 'string' ? new BackupError({ reason: `archiving has ended: ${reason}`, advice }) : reason
    this.#error = error
    this.#parts.onEvent({ job: 'archive', scheduled: true, ok: false, id: null, bytes: null, duration: 0, error })
  }

  async #archiveStatus(backups: readonly Backup[]): Promise<ArchiveStatus | null> {
    const { archive } = this.#parts.engine
    if (archive === null) return null
    await this.#keeper.ready()
    return archiveStatus(archive, this.#keeper, backups)
  }

  async #locked<T>(work: (store: BackupStore) => Promise<T>): Promise<T> {
    const store = this.#target()
    const lock = await store.lock?.()
    try {
      return await work(store)
    } finally {
      await lock?.release()
    }
  }

  /** Runs a job, which ends with `stop()`, and tells how it went. */
  async #job<T>(
    job: NonNullable<BackupStatus['running']>,
    { signal, onProgress, scheduled = false }: JobOptions & { readonly scheduled?: boolean },
    work: (options: JobOptions) => Promise<[T, Done | null]>,
  ): Promise<T> {
    const start = performance.now()
    const closing = this.#closing.signal
    const ends = signal === undefined ? closing : AbortSignal.any([signal, closing])
    const running = work({ signal: ends, onProgress })
    this.#jobs.set(running, job)
    const event = (how: Done & Pick<BackupEvent, 'ok' | 'error'>): void => {
      const duration = performance.now() - start
      this.#parts.onEvent({ job, scheduled, id: null, bytes: null, duration, ...how })
    }
    try {
      const [result, done] = await running
      // What is known of them is to be true when the caller goes on; a folder that cannot be read now is told by status().
      await this.list().catch(() => {})
      this.#error = null
      if (done !== null) event({ ...done, ok: true, error: null })
      return result
    } catch (thrown) {
      const error = closing.aborted ? (closing.reason as Error) : toError(thrown)
      // Another process of the same schedule is at it.
      if (scheduled && error instanceof BackupRunningError) throw error
      this.#error = error
      event({ ok: false, error })
      throw error
    } finally {
      this.#jobs.delete(running)
    }
  }

  /** @throws BackupError where no backups are configured. */
  #target(): BackupStore {
    const { backup } = this.#parts.config
    if (backup.target === null) {
      const advice = 'Set backup.target to a folder, best on another disk than the database, or to a bucket.'
      throw new BackupError({ reason: 'there is no place to keep it', advice })
    }
    this.#store ??= openStore(backup.target, backup)
    return this.#store
  }

  get #extensions(): { readonly libraries: readonly string[]; readonly setup: string | null } {
    const { extensions, setup } = this.#parts.config
    return { libraries: extensions, setup }
  }
}

function newestOf(backups: readonly Backup[]): Date | null {
  return backups.filter(({ ok }) => ok).at(-1)?.createdAt ?? null
}
