/** Backups as the page shows them: without the folder that they are in. */
import { basename, isAbsolute } from 'node:path'
import type { ArchiveStatus, BackupStatus } from '../backup/types.ts'
import type { DashboardDatabase } from './database.ts'
import type { BackupsNow } from './protocol.ts'
import { shared } from './shared.ts'
import { withoutFolders } from './without-paths.ts'

/** Milliseconds: as often as a page is told. */
const ASKED_FOR_MS = 1_000
/** Milliseconds that a page which opens waits for them. */
const PATIENCE_MS = 1_000

/** A bucket may take its time to answer, or never do so: nothing else waits for it. What is shown is what was known by then. */
export class BackupsLook {
  readonly #ask: () => Promise<void>
  #known: BackupsNow | null

  constructor(backups: DashboardDatabase['backups']) {
    const unknown = { target: backups.target, backups: [], running: null, next: null, error: null, archive: null }
    this.#known = backupsNow(unknown)
    this.#ask = shared(async () => {
      this.#known = backupsNow(await backups.status())
    }, ASKED_FOR_MS)
  }

  /** `null` where none are configured. */
  get known(): BackupsNow | null {
    void this.#ask()
    return this.#known
  }

  /** Once they have answered, or have taken too long. */
  async first(): Promise<BackupsNow | null> {
    const limit = Promise.withResolvers<void>()
    const timer = setTimeout(limit.resolve, PATIENCE_MS)
    await Promise.race([this.#ask(), limit.promise])
    clearTimeout(timer)
    return this.#known
  }
}

export function backupsNow(
  { target, backups, running, error, archive }: BackupStatus,
  now: Date = new Date(),
): BackupsNow | null {
  if (target === null) return null
  const whole = backups.filter(({ ok }) => ok)
  const latest = (times: readonly Date[]): string | null =>
    times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime()))).toISOString()
  const problem = error?.message ?? archive?.error?.message ?? archive?.endedBecause ?? null
  return {
    lastAt: latest(backups.map(({ createdAt }) => createdAt)),
    lastVerifiedAt: latest(whole.map(({ checkedAt }) => checkedAt)),
    count: backups.length,
    bytes: backups.reduce((sum, { bytes }) => sum + bytes, 0),
    target: isAbsolute(target) ? basename(target) : target,
    window: windowOf(archive, now),
    backlogBytes: archive?.backlogBytes ?? 0,
    running,
    error: problem === null ? null : withoutFolders(problem),
    snapshots: backups.map(({ id, createdAt, bytes, ok }) => ({
      id,
      at: createdAt.toISOString(),
      bytes,
      verified: ok,
    })),
  }
}

/** Where nothing waits to be stored, what can be restored to reaches to now, however long ago the last commit was. */
function windowOf(archive: ArchiveStatus | null, now: Date): BackupsNow['window'] {
  if (archive === null || archive.window === null) return null
  const { from, to } = archive.window
  const isUpToDate = archive.archiving && archive.backlogBytes === 0 && archive.error === null
  return { from: from.toISOString(), to: (isUpToDate ? now : to).toISOString() }
}
