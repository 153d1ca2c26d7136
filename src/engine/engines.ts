/**
 * One engine a file: every NOORMME of this process that names the same file shares one, and the file closes when the last
 * of them does. Two engines would queue behind each other's locks without knowing it.
 *
 *     (absent) ──first lease──▶ opening ──▶ open ──last lease ends──▶ closing ──▶ (absent)
 *        ▲                         │
 *        └──────it failed──────────┘
 *
 * opening  whoever comes next waits for the outcome: shares the engine, or after a failure tries for itself
 * open     1 or more leases; another comes if it wants the same engine, and is refused if it wants another
 * closing  whoever comes next waits for the end and opens anew, so a file is never open twice
 *
 * A file is the same when device and inode are, and as long as it does not exist when its path is, symbolic links
 * resolved. A path that leads to another file than the one an engine has open is refused: the new file would be given
 * the old one's log. `:memory:` is never shared.
 *
 * The registry lives on `globalThis`, so that copies of this package (a module evaluated again, a bundle beside
 * `node_modules`) meet in it. Copies of the same version share; another version is refused, because it may speak another
 * protocol and bring another SQLite library, and two libraries on one file drop each other's locks
 * (https://sqlite.org/howtocorrupt.html#_multiple_copies_of_sqlite_linked_into_the_same_application). Every thread has a
 * `globalThis` of its own: an engine in another thread is like one in another process.
 */
import type { AsyncLocalStorage } from 'node:async_hooks'
import { compareArchives, compareConfigs } from '../config/compare.ts'
import type { ResolvedConfig } from '../config/types.ts'
import { FileGoneError, InitializationError } from '../errors.ts'
import { type FileIdentity, identifyFile } from '../sqlite/file-identity.ts'
import { PACKAGE_VERSION } from '../util/package-version.ts'
import { Lease } from './lease.ts'
import type { RecordedEngine } from './recorded-engine.ts'
import { assertNotWithin } from './session/assert-not-within.ts'
import type { Executor } from './types.ts'

type Context = AsyncLocalStorage<Executor>

export interface EngineRequest {
  readonly config: ResolvedConfig
  /** The context of the caller's; the engine's if this caller is the first. */
  readonly context: Context
  readonly open: (context: Context) => Promise<RecordedEngine>
}

/** `version` and `file` are read by every version of this package, the rest by its own. */
interface Entry {
  readonly version: string
  /** Where it is, and which file that was once it was open. */
  file: FileIdentity
  readonly config: ResolvedConfig
  readonly context: Context
  /** Settles when it is open; rejects with why it is not. */
  readonly opened: Promise<RecordedEngine>
  leases: number
  closing: Promise<void> | null
}

const ENTRIES = Symbol.for('noormme.engines')

/** Joins the engine that has the file open, or opens it. Call it outside of every transaction. */
export async function leaseEngine(request: EngineRequest): Promise<Lease> {
  if (request.config.memory) return leaseAlone(request)
  for (;;) {
    const entry = findEntry(identifyFile(request.config.path))
    if (entry === undefined) return openEntry(request)
    if (entry.version !== PACKAGE_VERSION) throw otherVersion(request.config.path, entry.version)
    if (entry.closing !== null) {
      assertNotWithin(entry.context.getStore(), 'opening a file that is being closed')
      await entry.closing
    } else {
      const engine = await entry.opened.catch(() => null)
      // What has failed or begun to close meanwhile is no longer there to be joined.
      if (engine !== null && entry.closing === null) return join(entry, engine, request)
    }
  }
}

/** Whether a NOORMME of this process has the file open, or is about to. */
export function isOpenInThisProcess(path: string): boolean {
  return findEntry(identifyFile(path)) !== undefined
}

async function openEntry({ config, context, open }: EngineRequest): Promise<Lease> {
  const opened = open(context)
  const entry: Entry = {
    version: PACKAGE_VERSION,
    file: identifyFile(config.path),
    config,
    context,
    opened,
    leases: 1,
    closing: null,
  }
  entries().add(entry)
  try {
    const engine = await opened
    entry.file = identifyFile(config.path)
    return leaseOf(entry, engine, { first: true })
  } catch (error) {
    // Where only the look at the file failed there is an engine, which nobody would ever close.
    await opened.then(
      (engine) => engine.close(),
      () => {},
    )
    entries().delete(entry)
    throw error
  }
}

function join(entry: Entry, engine: RecordedEngine, { config }: EngineRequest): Lease {
  const file = identifyFile(config.path)
  if (file.inode !== entry.file.inode) {
    throw new FileGoneError({ path: config.path, what: 'the file', how: file.inode === null ? 'removed' : 'replaced' })
  }
  const differences = [...compareConfigs(entry.config, config), ...compareArchives(entry.config, config)]
  // By default WAL gives way where it cannot be had; who wrote it down gets it or an error.
  if (config.explicitWAL && config.optimization.enableWALMode && engine.stats().walBytes === null) {
    differences.push({ key: 'optimization.enableWALMode', first: 'false', second: 'true' })
  }
  if (differences.length > 0) {
    const keys = differences.map(({ key, first, second }) => `${key} is ${first} there and ${second} here`)
    throw new InitializationError({
      connection: 'writer',
      reason: `${config.path} is open in this process with another configuration: ${keys.join('; ')}`,
      advice: 'Use one NOORMME a file, or give each the same configuration; close the other one to change it.',
    })
  }
  entry.leases++
  return leaseOf(entry, engine, { first: false })
}

function leaseOf(entry: Entry, engine: RecordedEngine, { first }: { readonly first: boolean }): Lease {
  return new Lease({
    engine,
    context: entry.context,
    first,
    isLast: () => entry.leases === 1,
    onClose: () => endLease(entry, engine),
  })
}

/** The end of the engine for the last lease, nothing to wait for otherwise. */
async function endLease(entry: Entry, engine: RecordedEngine): Promise<void> {
  if (--entry.leases > 0) return
  const closed = engine.close()
  entry.closing = closed.then(
    () => void entries().delete(entry),
    () => void entries().delete(entry),
  )
  await closed
}

async function leaseAlone({ context, open }: EngineRequest): Promise<Lease> {
  const engine = await open(context)
  return new Lease({ engine, context, first: true, isLast: () => true, onClose: () => engine.close() })
}

function findEntry(file: FileIdentity): Entry | undefined {
  const all = [...entries()]
  // The path too: a file that was removed or replaced under an open engine must not be taken for one nobody has open.
  return (
    all.find((entry) => file.inode !== null && entry.file.inode === file.inode) ??
    all.find((entry) => entry.file.path === file.path)
  )
}

function entries(): Set<Entry> {
  const shared = globalThis as { [ENTRIES]?: Set<Entry> }
  shared[ENTRIES] ??= new Set()
  return shared[ENTRIES]
}

function otherVersion(path: string, version: string): InitializationError {
  return new InitializationError({
    connection: 'writer',
    reason: `${path} is open in this process through noormme ${version}, and this is ${PACKAGE_VERSION}`,
    advice: 'Let every part of the program use the same copy of the package (npm ls noormme), and restart it.',
  })
}
