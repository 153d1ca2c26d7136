/** What an engine has beside its writer when the file is in WAL mode: readers, and what keeps the log bounded. */
import { statSync } from 'node:fs'
import { lookAtLog } from '../sqlite/checkpoint.ts'
import type { CheckpointMode } from '../sqlite/checkpoint-types.ts'
import type { ConnectionOptions } from '../sqlite/connection.ts'
import { Connection } from '../sqlite/connection.ts'
import { readLockHolders } from '../sqlite/lock-holders.ts'
import type { ConnectionRole } from '../sqlite/settings.ts'
import { Archiver } from './archive/archiver.ts'
import type { Copier } from './backup/copier.ts'
import { CachedReads } from './cache/cached-reads.ts'
import type { CacheBounds } from './cache/result-cache.ts'
import { Checkpointer } from './checkpoint/checkpointer.ts'
import { Maintenance } from './checkpoint/maintenance.ts'
import type { EngineOptions } from './engine-options.ts'
import { InlineReader } from './readers/inline-reader.ts'
import { ReaderPool } from './readers/reader-pool.ts'
import { TurnBudget } from './readers/turn-budget.ts'
import type { Channel } from './thread/channel.ts'
import type { CheckpointOutcome, Pin } from './types.ts'
import type { Writer } from './writer/writer.ts'

export interface WalParts {
  readonly inline: InlineReader
  readonly pool: ReaderPool
  /** `null` when results are not kept. */
  readonly cache: CachedReads | null
  readonly maintenance: Maintenance
  readonly checkpointer: Checkpointer
  /** `null` when nothing is archived. */
  readonly archiver: Archiver | null
}

export interface WalOptions {
  readonly connection: Omit<ConnectionOptions, 'label' | 'role' | 'mustExist'>
  readonly readers: number
  readonly inlineReadBudgetMs: number
  /** How long a hold on a reader is waited for (ms). */
  readonly holdWaitMs: number
  /** How long a statement may run on a reader's thread (ms); 0: as long as it needs. */
  readonly statementTimeoutMs: number
  readonly walLimitBytes: number
  /** What kept results may take; `null`: none are kept. */
  readonly cache: CacheBounds | null
  /** The spool of the archive; `null`: nothing is archived. */
  readonly archive: EngineOptions['archive']
  /** What reads for as long as it takes. */
  readonly copier: Copier
  /** Ends snapshots and streams that have been open for longer, where that can be done. */
  readonly expireHeld: (olderThanMs: number) => void
  readonly onCheckpoint: (outcome: CheckpointOutcome) => void
}

/** Opens them over a writer that is open. */
export async function openWalParts(
  options: WalOptions,
  writer: Writer,
  start: (label: string, role: ConnectionRole) => Channel,
): Promise<WalParts> {
  const { path, settings } = options.connection
  const connection = await Connection.open({ ...options.connection, label: 'inline', role: 'inline', mustExist: true })
  const turns = new TurnBudget()
  const inline = new InlineReader(connection, options.inlineReadBudgetMs, turns)
  const cache = options.cache === null ? null : new CachedReads(() => inline.connection, turns, options.cache)
  const pool = new ReaderPool({
    max: options.readers,
    start: (label) => start(label, 'reader'),
    holdWaitMs: options.holdWaitMs,
    statementTimeoutMs: options.statementTimeoutMs,
  })
  const ownReaders = (): Pin[] => [...copyPins(options.copier), ...pool.pins()]
  const maintenance = new Maintenance(() => start('maintenance', 'maintenance'))
  const look = () => lookAtLog(inline.connection)
  const pageBytes = inline.connection.pragmas.page_size
  const archiver =
    options.archive === null
      ? null
      : new Archiver({ ...options.archive, pageBytes, look, start: () => start('archive', 'reader') })
  const checkpointer = new Checkpointer({
    managed: settings.checkpoint === 'managed',
    limitBytes: options.walLimitBytes,
    pageBytes,
    look: () => {
      const log = look()
      if (log !== null) archiver?.saw(log)
      return log
    },
    lifted: () => options.copier.fixedMs !== null,
    fileBytes: () => sizeOfLog(path),
    copy: () => {
      const run = (mode: CheckpointMode, waitMs: number) => maintenance.run('checkpoint', { mode, waitMs })
      return archiver === null ? run('PASSIVE', 0) : archiver.checkpoint('PASSIVE', 0, run)
    },
    onWriter: (mode, waitMs, settled) => writer.checkpoint(mode, waitMs, settled),
    pins: () => ({ own: ownReaders(), others: otherReaders(path) }),
    ownReaders,
    expireReaders: options.expireHeld,
    refuseOverdue: (reason) => writer.refuseOverdue(reason),
    onOutcome: options.onCheckpoint,
  })
  return { inline, pool, cache, maintenance, checkpointer, archiver }
}

function copyPins({ fixedMs }: Copier): Pin[] {
  return fixedMs === null ? [] : [{ label: 'backup', state: 'snapshot', sql: null, ageMs: fixedMs }]
}

/** Other processes that read: from the log, which cannot start again, or from the file alone, into which nothing is copied. */
function otherReaders(path: string): string[] {
  const holders = readLockHolders(path) ?? []
  return holders
    .filter(({ readMarks }) => readMarks.length > 0)
    .map(({ pid, name }) => `process ${pid}${name === null ? '' : ` (${name})`}`)
}

/**
 * Bytes of the log on the disk; 0 when there is none, or its folder is closed to us: the queue asks between two writes
 * and must go on. `stat` opens nothing, so no lock of SQLite's is lost.
 */
export function sizeOfLog(path: string): number {
  try {
    return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  } catch {
    return 0
  }
}
