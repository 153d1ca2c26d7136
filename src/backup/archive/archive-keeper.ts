/**
 * Keeps the archive of one NOORMME's database going: where no stream leads on from a backup, it asks for a new one.
 *
 *     idle ──start()──▶ watching ──the stream ends, or has no backup──▶ wanting ──a backup is made──▶ watching
 *      ▲                                                                 │  ▲ fails: again after a while
 *      └──────────────────────────stop()─────────────────────────────────┘──┘
 */
import type { EngineArchive } from '../../engine/types.ts'
import type { BackupStore } from '../store/types.ts'
import { Archiving } from './archiving.ts'

/** Opening, and what comes first, has this long for itself (ms). */
const AFTER_OPENING_MS = 10_000
/** What is missing after a gap is missing until there is a backup (ms). */
const AFTER_GAP_MS = 1_000
const RETRY_MS = 60_000

export interface ArchiveKeeperOptions {
  readonly store: () => BackupStore
  /** Streams that a backup in the target stands in. */
  readonly streams: () => Promise<ReadonlySet<string>>
  /** Makes a backup. */
  readonly create: () => Promise<void>
  /** Something is not archived, or not stored; why. */
  readonly onFailure: (reason: Error | string) => void
}

interface Kept {
  readonly archive: EngineArchive
  readonly shared: Archiving
  readonly release: () => boolean
  readonly unlisten: readonly (() => void)[]
}

export class ArchiveKeeper {
  readonly #options: ArchiveKeeperOptions
  #kept: Kept | null = null
  #timer: NodeJS.Timeout | null = null
  #working: Promise<void> = Promise.resolve()
  #stopped = true

  constructor(options: ArchiveKeeperOptions) {
    this.#options = options
  }

  get archive(): EngineArchive | null {
    return this.#kept?.archive ?? null
  }

  /** Why the store takes nothing; `null` when it does. */
  get error(): Error | null {
    return this.#kept?.shared.uploader.lastError ?? null
  }

  /** How long the oldest segment has waited for the store (ms); `null`: none waits. */
  get oldestMs(): number | null {
    return this.#kept?.shared.uploader.oldestMs ?? null
  }

  start(archive: EngineArchive): void {
    this.#stopped = false
    if (this.#kept !== null) return
    const { shared, release } = archive.share(() => new Archiving(archive, this.#options.store()))
    const unlisten = [
      archive.listen({ ended: (reason) => this.#ended(reason) }),
      shared.onFailure((error) => this.#options.onFailure(error)),
    ]
    this.#kept = { archive, shared, release, unlisten }
    this.#want(AFTER_OPENING_MS)
  }

  /** Resolves when it is known whether the stream of the process before goes on. */
  async ready(): Promise<void> {
    await this.#kept?.shared.ready
  }

  /** Brings all that is committed now into the store. */
  async flush(): Promise<void> {
    if (this.#kept === null) return
    await this.#kept.shared.ready
    await this.#kept.archive.mark({ finish: true })
    await this.#kept.shared.uploader.flush()
  }

  /** Asks for nothing any more; resolves when nothing of it runs. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#working
  }

  /** The database is closed: what is finished is stored, as far as that does not take long. */
  async close(): Promise<void> {
    const kept = this.#kept
    this.#kept = null
    if (kept === null) return
    for (const end of kept.unlisten) end()
    if (kept.release()) await kept.shared.close()
  }

  #ended(reason: string): void {
    this.#options.onFailure(reason)
    this.#want(AFTER_GAP_MS)
  }

  #want(ms: number): void {
    if (this.#stopped || this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#working = this.#look()
    }, ms).unref()
  }

  /** Never rejects: who makes the backup tells why it failed. */
  async #look(): Promise<void> {
    const kept = this.#kept
    if (kept === null) return
    try {
      await kept.shared.ready
      if (kept.archive.stats().stream === null) await kept.shared.takeUp()
      if (await this.#leadsOn(kept.archive)) return
      // What another process archives needs nothing of us but that it is gone on with when that ends.
      if (kept.archive.stats().elsewhere === null) await this.#options.create()
      if (await this.#leadsOn(kept.archive)) return
    } catch {
      // Told already; tried again.
    }
    this.#want(RETRY_MS)
  }

  async #leadsOn(archive: EngineArchive): Promise<boolean> {
    const { stream } = archive.stats()
    return stream !== null && (await this.#options.streams()).has(stream)
  }
}
