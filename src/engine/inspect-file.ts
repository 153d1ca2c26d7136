/**
 * Looks at a database file that nobody writes to, on a thread of its own: its hash, whether SQLite finds it whole, and what is
 * in it. For copies and backups; a live database is asked through its engine.
 */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { AbortedError } from '../errors.ts'
import type { Extensions } from '../sqlite/connection-setup.ts'
import { openInterrupter } from '../sqlite/native.ts'
import { findNativeBinary } from '../sqlite/native-binary.ts'
import { holdDriver } from '../sqlite/open-database.ts'
import type { ConnectionSettings } from '../sqlite/settings.ts'
import { Channel } from './thread/channel.ts'
import { readRows } from './thread/results.ts'
import { workerEntry } from './thread/worker-entry.ts'
import type { Row } from './types.ts'

/** What SQLite says of a file. */
export interface FileContents {
  readonly bytes: number
  readonly pageBytes: number
  readonly sqliteVersion: string
  /** What SQLite's `integrity_check` found; empty when the file is whole. */
  readonly problems: readonly string[]
  /** SHA-256 of the statements that made tables, indexes, views and triggers. */
  readonly schemaHash: string
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>
}

export interface FileFacts extends FileContents {
  readonly sha256: string
}

export interface InspectOptions {
  /** What its indexes and generated columns may need. Default: nothing. */
  readonly extensions?: Extensions
  readonly signal?: AbortSignal | undefined
  /** Bytes that have been hashed, of those there are; where nothing is hashed, none and then all. */
  readonly onProgress?: ((progress: { readonly bytes: number; readonly totalBytes: number }) => void) | undefined
}

const SETTINGS: ConnectionSettings = {
  enableWALMode: false,
  enableForeignKeys: false,
  cacheSize: -64_000,
  synchronous: 'FULL',
  tempStore: null,
  busyTimeout: 5_000,
  mmapSize: null,
  journalSizeLimit: null,
  checkpoint: 'managed',
  pageSize: null,
  autoVacuum: null,
  stablePlans: null,
}
const NO_EXTENSIONS: Extensions = { libraries: [], setup: null }
/** Hashed at a request, so that a signal is heard in between. */
const HASH_BYTES = 2 ** 24
const MAX_PROBLEMS = 20

/**
 * @param path of a file that is not open for writing anywhere. It is left as it is.
 * @throws NotADatabaseError, CorruptionError, ConnectionError, BackupError, AbortedError.
 */
export function inspectFile(path: string, options: InspectOptions = {}): Promise<FileFacts> {
  return withOpened(path, options, async (channel) => {
    const hashed = await hash(channel, path, options)
    return { ...(await examine(channel, hashed.bytes, options)), ...hashed }
  })
}

/** The same without the hash: for a file whose bytes are known to be the right ones, or new. */
export async function checkFile(path: string, options: InspectOptions = {}): Promise<FileContents> {
  const { size: totalBytes } = await stat(path)
  options.onProgress?.({ bytes: 0, totalBytes })
  const contents = await withOpened(path, options, (channel) => examine(channel, totalBytes, options))
  options.onProgress?.({ bytes: totalBytes, totalBytes })
  return contents
}

async function withOpened<T>(
  path: string,
  { extensions = NO_EXTENSIONS }: InspectOptions,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  holdDriver()
  const native = findNativeBinary()
  const interrupter = openInterrupter(native)
  const interrupt = interrupter === null ? null : (id: number) => interrupter.interrupt(id)
  const channel = new Channel(
    workerEntry(import.meta.url),
    { label: 'backup-check', role: 'maintenance', path, settings: SETTINGS, extensions, mustExist: true, native },
    { interrupt, onBusyWait: () => {} },
  )
  try {
    await channel.opened
    return await work(channel)
  } finally {
    await channel.close({ optimize: false, truncate: false })
  }
}

async function examine(channel: Channel, bytes: number, { signal }: InspectOptions): Promise<FileContents> {
  const { pragmas, sqliteVersion } = await channel.opened
  const read = (sql: string): Promise<Row[]> => readOn(channel, sql, signal)
  const report = await read(`PRAGMA integrity_check(${MAX_PROBLEMS})`)
  const problems = report.map((row) => String(Object.values(row)[0])).filter((line) => line !== 'ok')
  const contents = problems.length > 0 ? { schemaHash: '', rows: {} } : await describe(read)
  return { bytes, pageBytes: pragmas.page_size, sqliteVersion, problems, ...contents }
}

async function hash(
  channel: Channel,
  path: string,
  { signal, onProgress }: InspectOptions,
): Promise<Pick<FileFacts, 'sha256' | 'bytes'>> {
  const totalBytes = (await stat(path)).size
  let bytes = 0
  for (;;) {
    assertWanted(signal)
    const { read, sha256 } = await channel.request('hashFile', { bytes: HASH_BYTES })
    bytes += read
    onProgress?.({ bytes, totalBytes })
    if (sha256 !== null) return { sha256, bytes }
  }
}

async function describe(read: (sql: string) => Promise<Row[]>): Promise<Pick<FileFacts, 'schemaHash' | 'rows'>> {
  const schema = await read('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name')
  const schemaHash = createHash('sha256')
    .update(JSON.stringify(schema.map(Object.values)))
    .digest('hex')
  // Those that are virtual have no rows of their own; SQLite's own change by themselves.
  const tables = await read(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') AND name NOT GLOB 'sqlite_*'",
  )
  const rows: [string, number][] = []
  for (const name of tables.map((row) => String(row.name)).sort()) {
    const [row] = await read(`SELECT count(*) AS n FROM "${name.replaceAll('"', '""')}"`)
    rows.push([name, Number(row?.n)])
  }
  return { schemaHash, rows: Object.fromEntries(rows) }
}

async function readOn(channel: Channel, sql: string, signal: AbortSignal | undefined): Promise<Row[]> {
  assertWanted(signal)
  const sent = channel.start('read', { sql, parameters: [] })
  const stop = (): void => void sent.stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const result = await sent.result
    return result === null ? [] : readRows(result)
  } catch (error) {
    assertWanted(signal)
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

function assertWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortedError({ what: 'the check of a file' }, { cause: signal.reason })
}
