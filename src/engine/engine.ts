/** Opens a database file: makes the parts of an engine and lets them know each other. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type FilePlace, placeOf } from '../sqlite/file-identity.ts'
import { prepareFile } from '../sqlite/file-system.ts'
import { openInterrupter } from '../sqlite/native.ts'
import { findNativeBinary, type NativeBinary } from '../sqlite/native-binary.ts'
import { holdDriver } from '../sqlite/open-database.ts'
import { assertNotBeingRestored } from '../sqlite/restore-plan.ts'
import type { ConnectionRole, ConnectionSettings } from '../sqlite/settings.ts'
import { assertNodeVersion } from '../sqlite/version.ts'
import { Copier } from './backup/copier.ts'
import type { AskCopy } from './backup/copy-run.ts'
import type { EngineOptions } from './engine-options.ts'
import { FileEngine } from './file-engine.ts'
import { EngineRecord } from './metrics/engine-record.ts'
import type { RecordedEngine } from './recorded-engine.ts'
import { Channel } from './thread/channel.ts'
import { workerEntry } from './thread/worker-entry.ts'
import type { CheckpointOutcome, Executor } from './types.ts'
import { openWalParts, type WalParts } from './wal-parts.ts'
import { Writer } from './writer/writer.ts'

const SWITCHED_OFF: NativeBinary = { file: null, reason: 'NOORMME_NATIVE=0 switches it off' }

/**
 * Opens a database file; it is made when it does not exist.
 *
 * @throws ConnectionError, NotADatabaseError, FileSystemError, SqliteVersionError, NodeVersionError,
 *   InitializationError, BusyError. Nothing is left open then.
 */
export async function openEngine(
  options: EngineOptions,
  context: AsyncLocalStorage<Executor> = new AsyncLocalStorage(),
): Promise<RecordedEngine> {
  assertNodeVersion(process.versions)
  const worker = workerEntry(import.meta.url)
  holdDriver()
  const memory = options.path === ':memory:'
  if (!memory) assertNotBeingRestored(options.path)
  const decision = memory
    ? { wal: false, refused: null }
    : prepareFile(options.path, { wal: options.settings.enableWALMode, explicit: options.explicitWAL })
  if (decision.refused !== null) {
    const reason = `${options.path} is on ${decision.refused}, where WAL is not safe: DELETE mode is used`
    process.emitWarning(reason, 'NoormmeWarning')
  }
  // Without WAL a commit is the removal of the journal, and only EXTRA makes that durable:
  // https://sqlite.org/pragma.html#pragma_synchronous
  const synchronous = decision.refused === null ? options.settings.synchronous : 'EXTRA'
  const settings: ConnectionSettings = { ...options.settings, enableWALMode: decision.wal, synchronous }
  const { path, extensions } = options
  const native = options.native ? findNativeBinary() : SWITCHED_OFF
  const interrupter = openInterrupter(native)
  const interrupt = interrupter === null ? null : (id: number) => interrupter.interrupt(id)
  const record = new EngineRecord()
  const onBusyWait = (ms: number): void => record.busyWaited(ms)
  // Threads that are started later must find the same file.
  let place: FilePlace | null = null
  const start = (label: string, role: ConnectionRole, mustExist: boolean): Channel =>
    new Channel(
      worker,
      { label, role, path, settings, extensions, mustExist, place, native },
      { interrupt, onBusyWait },
    )

  // The parts call each other only once all of them are there.
  const parts: { wal: WalParts | null; engine: FileEngine | null } = { wal: null, engine: null }
  const writer = new Writer({
    start: ({ again }) => start('writer', 'writer', again),
    memory,
    busyTimeout: settings.busyTimeout,
    statementTimeoutMs: options.statementTimeoutMs,
    maxQueuedWrites: options.maxQueuedWrites,
    maxQueuedBytes: options.maxQueuedBytes,
    beforeWork: () => parts.wal?.checkpointer.beforeWork(),
    afterWork: () => parts.wal?.archiver?.idle(),
    aroundCheckpoint: (mode, waitMs, run) => parts.wal?.archiver?.checkpoint(mode, waitMs, run) ?? run(mode, waitMs),
    onGroup: (writes) => record.committed(writes),
  })
  const facts = await writer.opened
  place = placeOf(path, { wal: decision.wal })
  const copier = new Copier({
    pageBytes: facts.pragmas.page_size,
    patienceMs: settings.busyTimeout,
    onWriter: (op, argument) => writer.step(op, argument),
    openAside: decision.wal ? () => openAside(start('backup', 'maintenance', true)) : null,
  })
  const shared = { options, context, writer, copier, facts, place, record }
  if (!decision.wal) return new FileEngine({ ...shared, wal: null })
  try {
    const connection = { path, settings, extensions, native }
    const { readers, inlineReadBudgetMs, walLimitBytes, statementTimeoutMs, transactionTimeoutMs: holdWaitMs } = options
    const expireHeld = (olderThanMs: number): void => void parts.engine?.expireHeld(olderThanMs)
    const limits = { readers, inlineReadBudgetMs, walLimitBytes, statementTimeoutMs, holdWaitMs }
    const onCheckpoint = (outcome: CheckpointOutcome): void => parts.engine?.tellCheckpoint(outcome)
    const kept = { cache: options.cache, archive: options.archive }
    const wal = { connection, ...limits, ...kept, copier, expireHeld, onCheckpoint }
    parts.wal = await openWalParts(wal, writer, (label, role) => start(label, role, true))
    parts.engine = new FileEngine({ ...shared, wal: parts.wal })
    return parts.engine
  } catch (error) {
    await writer.close({ optimize: false, truncate: true })
    throw error
  }
}

/** A connection for one copy, which reads for as long as that takes. */
function openAside(channel: Channel): { readonly ask: AskCopy; readonly end: () => Promise<void> } {
  return {
    ask: (op, argument) => channel.request(op, argument),
    end: () => channel.close({ optimize: false, truncate: false }),
  }
}
