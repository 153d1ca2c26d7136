/**
 * The optional extension in C (native/noormme.c): what SQLite offers to C and to nobody else. A connection that has
 * loaded it makes it its own at once with a random secret, so nothing that users run can call it.
 */
import { randomBytes } from 'node:crypto'
import type BetterSqlite3 from 'better-sqlite3'
import type { NativeBinary } from './native-binary.ts'
import type { Interrupter, Lookout, NativeConnection, NativeFacts, PageCacheCounters, Watch } from './native-types.ts'

interface Addon extends Interrupter {
  begin(watch: number): void
  end(watch: number): boolean
  changed(lookout: number): boolean
}

export interface NativeLoad {
  /** `null` where it is not loaded. */
  readonly connection: NativeConnection | null
  readonly facts: NativeFacts
}

const SECRET_BYTES = 16

/**
 * Loads the extension into a connection that has just been opened, and sets stable plans there. What cannot be loaded is
 * left out.
 */
export function loadNative(
  database: BetterSqlite3.Database,
  { file, reason }: NativeBinary,
  { stablePlans }: { readonly stablePlans: boolean | null },
): NativeLoad {
  if (file === null) return without(reason)
  try {
    database.loadExtension(file)
    const connection = new LoadedConnection(database, file)
    if (stablePlans !== null) connection.setStablePlans(stablePlans)
    return { connection, facts: { id: connection.id, reason: null, stablePlans: connection.stablePlans } }
  } catch (error) {
    return without(`${file} could not be loaded: ${messageOf(error)}`)
  }
}

/** `null` where the extension is missing, or Node.js does not let it in. */
export function openInterrupter({ file }: NativeBinary): Interrupter | null {
  return file === null ? null : loadAddon(file)
}

const without = (reason: string): NativeLoad => ({ connection: null, facts: { id: null, reason, stablePlans: null } })

class LoadedConnection implements NativeConnection {
  readonly id: number
  readonly #secret = randomBytes(SECRET_BYTES)
  readonly #call: BetterSqlite3.Statement
  readonly #file: string

  constructor(database: BetterSqlite3.Database, file: string) {
    this.#file = file
    this.#call = database.prepare('SELECT noormme_native(?, ?, ?)').pluck()
    this.id = Number(this.#ask('claim', null))
  }

  get stablePlans(): boolean {
    return this.#ask('plans', -1) === 1
  }

  setStablePlans(on: boolean): boolean {
    return this.#ask('plans', on ? 1 : 0) === 1
  }

  counters(): PageCacheCounters {
    const counts = String(this.#ask('counters', null)).split(' ').map(Number)
    const [hits = 0, misses = 0, writes = 0, spills = 0, usedBytes = 0] = counts
    return { hits, misses, writes, spills, usedBytes }
  }

  watch(limitMs: number | null): Watch | null {
    const addon = limitMs === null ? null : loadAddon(this.#file)
    const number = Number(this.#ask('watch', addon === null ? 0 : Math.max(1, Math.ceil(limitMs ?? 0))))
    if (addon === null || number < 0) return null
    const { begin, end } = addon
    return { begin: () => begin(number), end: () => end(number) }
  }

  lookout(): Lookout | null {
    const addon = loadAddon(this.#file)
    const number = addon === null ? -1 : Number(this.#ask('lookout', null))
    if (addon === null || number < 0) return null
    const { changed } = addon
    return { changed: () => changed(number) }
  }

  #ask(operation: string, argument: number | null): unknown {
    return this.#call.get(this.#secret, operation, argument)
  }
}

const addons = new Map<string, Addon | null>()

/** The same library, as Node.js loads it. */
function loadAddon(file: string): Addon | null {
  const known = addons.get(file)
  if (known !== undefined) return known
  const module = { exports: {} as Partial<Addon> }
  try {
    process.dlopen(module as NodeJS.Module, file)
  } catch {
    // Node.js was told to load no addons; the driver is one, so that is a rare place to be.
  }
  const addon = module.exports.interrupt === undefined ? null : (module.exports as Addon)
  addons.set(file, addon)
  return addon
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
