/** Settings that weaken a promise or ask too much of the machine, judged by what SQLite reported. */
import type { ConnectionPragmas } from '../sqlite/settings.ts'
import { writerPragmas } from './applied-optimizations.ts'
import type { AdviceFacts, SettingsAdvice } from './types.ts'

const MIB = 1024 * 1024

/** Share of memory that full caches may take: the rest is for the application and for the system's own file cache. */
export const CACHE_SHARE_OF_MEMORY = 0.25

/** Connections beside the readers, in WAL mode: the writer and the one of the event loop's thread. */
const CONNECTIONS_BESIDE_READERS = 2

export function adviseSettings(facts: AdviceFacts): SettingsAdvice[] {
  const pragmas = writerPragmas(facts.stats.connections)
  if (pragmas === null) return []
  const advice = [adviseForeignKeys(facts, pragmas), adviseCache(facts, pragmas)]
  // Nothing of a database in memory outlives the process, and it cannot have a log.
  if (facts.stats.path !== ':memory:') advice.push(adviseSynchronous(pragmas), adviseWal(facts, pragmas))
  return advice.filter((each) => each !== null)
}

/** https://sqlite.org/pragma.html#pragma_synchronous */
function adviseSynchronous({ synchronous, journal_mode }: ConnectionPragmas): SettingsAdvice | null {
  if (synchronous !== 'OFF' && synchronous !== 'NORMAL') return null
  const off = synchronous === 'OFF'
  const wal = journal_mode === 'wal'
  const lost = off
    ? 'Loss of power, or a crash of the operating system, may lose acknowledged writes and damage the file.'
    : wal
      ? 'Loss of power, or a crash of the operating system, may take back acknowledged writes; the file stays intact.'
      : 'Loss of power at the wrong moment may, on some file systems, damage the file.'
  return {
    recommendation: {
      id: off ? 'synchronous-off' : 'synchronous-normal',
      severity: off ? 'high' : wal ? 'low' : 'medium',
      title: `Set synchronous to FULL instead of ${synchronous}`,
      why: `${lost} With FULL a write that was acknowledged survives both.`,
      evidence: { synchronous, journalMode: journal_mode },
      config: "optimization.synchronous: 'FULL'",
      undo: `optimization.synchronous: '${synchronous}'`,
    },
    suggested: { synchronous: 'FULL' },
    warning: `synchronous is ${synchronous}: ${lost}`,
  }
}

/** https://sqlite.org/wal.html */
function adviseWal({ settings }: AdviceFacts, { journal_mode }: ConnectionPragmas): SettingsAdvice | null {
  if (journal_mode === 'wal') return null
  const evidence = { journalMode: journal_mode, enableWALMode: String(settings.enableWALMode) }
  const why = `In ${journal_mode} mode all reads and writes share one connection, one after another. With a write-ahead log reads run beside a write.`
  if (settings.enableWALMode) {
    return {
      recommendation: {
        id: 'wal-off',
        severity: 'medium',
        title: 'Move the database to a local disk',
        why: `${why} WAL was asked for and could not be had: the file is on a file system that cannot carry it.`,
        evidence,
      },
      suggested: {},
      warning: `journal_mode is ${journal_mode} although WAL was asked for: the file system cannot carry it.`,
    }
  }
  return {
    recommendation: {
      id: 'wal-off',
      severity: 'medium',
      title: 'Switch the write-ahead log on',
      why,
      evidence,
      config: 'optimization.enableWALMode: true',
      undo: 'optimization.enableWALMode: false',
    },
    suggested: { enableWALMode: true },
    warning: null,
  }
}

/** https://sqlite.org/foreignkeys.html */
function adviseForeignKeys({ schema }: AdviceFacts, { foreign_keys }: ConnectionPragmas): SettingsAdvice | null {
  if (foreign_keys) return null
  const declared = schema.tables.reduce((sum, { foreignKeys }) => sum + foreignKeys.length, 0)
  return {
    recommendation: {
      id: 'foreign-keys-off',
      severity: declared > 0 ? 'high' : 'info',
      title: 'Switch the enforcement of foreign keys on',
      why:
        declared > 0
          ? 'Foreign keys are declared and not enforced: rows may refer to rows that do not exist. PRAGMA foreign_key_check lists those that do already.'
          : 'No foreign key is declared yet. One that is declared later would not be enforced.',
      evidence: { declaredForeignKeys: declared },
      config: 'optimization.enableForeignKeys: true',
      undo: 'optimization.enableForeignKeys: false',
    },
    suggested: { enableForeignKeys: true },
    warning: declared > 0 ? `foreign_keys is off: ${declared} declared foreign keys are not enforced.` : null,
  }
}

/** Each connection has a cache of its own: https://sqlite.org/pragma.html#pragma_cache_size */
function adviseCache(facts: AdviceFacts, { cache_size, journal_mode }: ConnectionPragmas): SettingsAdvice | null {
  const { memoryBytes, settings, storage } = facts
  const cacheBytes = cache_size < 0 ? -cache_size * 1024 : cache_size * storage.pageSize
  const connections = journal_mode === 'wal' ? settings.readers + CONNECTIONS_BESIDE_READERS : 1
  const allowed = memoryBytes * CACHE_SHARE_OF_MEMORY
  if (cacheBytes * connections <= allowed) return null

  // A cache holds no more than the file has.
  const fileBytes = storage.pageSize * storage.pageCount
  const filled = Math.min(cacheBytes, fileBytes) * connections > allowed
  const cacheSize = -Math.max(1, Math.floor(allowed / connections / 1024))
  return {
    recommendation: {
      id: 'cache-memory',
      severity: filled ? 'medium' : 'info',
      title: `Lower the cache of each connection to ${-cacheSize} KiB, or the number of readers`,
      why: `${connections} connections may keep ${mib(cacheBytes)} each, ${mib(cacheBytes * connections)} in all, more than a quarter of the ${mib(memoryBytes)} there are.${filled ? '' : ` The file has ${mib(fileBytes)}, so they cannot fill yet.`}`,
      evidence: { cacheBytes, connections, memoryBytes, fileBytes },
      config: `optimization.cacheSize: ${cacheSize}`,
      undo: `optimization.cacheSize: ${cache_size}`,
    },
    suggested: { cacheSize },
    warning: null,
  }
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`
}
