/**
 * Which other processes hold locks on a write-ahead log's index, so that a checkpoint can say who keeps it from finishing.
 * Linux only, from `/proc/locks`. Bytes: https://sqlite.org/walformat.html#wal_locks
 */
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'

export type WalLock = 'write' | 'checkpoint' | 'recover' | 'read'

export interface LockHolder {
  /** 0 for a process of another pid namespace. */
  readonly pid: number
  /** The name of its program; `null` where it cannot be known. */
  readonly name: string | null
  readonly locks: readonly WalLock[]
  /** Read marks it holds, 0 to 4; a reader of mark 0 reads the file only, and nothing is copied into that; the others keep the log from starting again. */
  readonly readMarks: readonly number[]
}

const FIRST_BYTE = 120
const FIRST_READ_MARK = 123
const READ_MARKS = 5

/** Other processes with locks on the `-shm` of the database at `path`, by pid; `null` where it cannot be known. */
export function readLockHolders(path: string): LockHolder[] | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = statSync(`${path}-shm`, { bigint: true, throwIfNoEntry: false })
    if (stat === undefined) return []
    const held = parseWalLocks(readFileSync('/proc/locks', 'utf8'), String(stat.ino))
    held.delete(process.pid)
    return [...held]
      .sort(([a], [b]) => a - b)
      .map(([pid, bytes]) => ({ pid, name: nameOf(pid), locks: locksOf(bytes), readMarks: readMarksOf(bytes) }))
  } catch {
    return null
  }
}

/** Pids with the bytes from 120 to 127 that each has locked; public for its tests. */
export function parseWalLocks(text: string, inode: string): Map<number, Set<number>> {
  const held = new Map<number, Set<number>>()
  for (const line of text.split('\n')) {
    // 12: POSIX  ADVISORY  READ 4711 08:02:1234 124 124. Who waits for a lock has an arrow before its kind.
    const [, kind, , , pid = '', file, from = '', to = ''] = line.trim().split(/\s+/)
    if (kind !== 'POSIX' || file?.split(':')[2] !== inode) continue
    const last = to === 'EOF' ? Number.POSITIVE_INFINITY : Number(to)
    for (let byte = FIRST_BYTE; byte < FIRST_READ_MARK + READ_MARKS; byte++) {
      if (byte < Number(from) || byte > last) continue
      const bytes = held.get(Number(pid)) ?? new Set()
      held.set(Number(pid), bytes.add(byte))
    }
  }
  return held
}

function locksOf(bytes: ReadonlySet<number>): WalLock[] {
  const named = (['write', 'checkpoint', 'recover'] as const).filter((_, index) => bytes.has(FIRST_BYTE + index))
  return readMarksOf(bytes).length > 0 ? [...named, 'read'] : named
}

function readMarksOf(bytes: ReadonlySet<number>): number[] {
  return [...bytes].filter((byte) => byte >= FIRST_READ_MARK).map((byte) => byte - FIRST_READ_MARK)
}

function nameOf(pid: number): string | null {
  try {
    // Not `comm`, which for Node.js is the name of a thread. Arguments may hold secrets.
    const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return command === '' ? null : basename(command)
  } catch {
    return null
  }
}
