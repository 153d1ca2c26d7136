/**
 * Who holds the write lock, for the error that says so. Linux only, from `/proc/locks`
 * (https://man7.org/linux/man-pages/man5/proc_locks.5.html); elsewhere nothing is claimed.
 *
 * The WAL write lock is byte 120 of the `-shm` file (https://sqlite.org/walformat.html#wal_locks); without WAL it is the
 * RESERVED byte of the database file itself. Only `stat` is used on SQLite's files: opening and closing one of them
 * would drop every lock this process holds on it.
 */
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'

const WAL_WRITE_LOCK_BYTE = 120
const RESERVED_LOCK_BYTE = 0x40000001

/**
 * `process 4711 (node)`, or `undefined` where it cannot be known.
 *
 * @param others this process holds the lock and waits for somebody else to let go of another.
 */
export function findLockHolder(path: string, { others = false } = {}): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const locks = readFileSync('/proc/locks', 'utf8').split('\n')
    if (others) return sharerOf(locks, path)
    return holderOf(locks, `${path}-shm`, WAL_WRITE_LOCK_BYTE) ?? holderOf(locks, path, RESERVED_LOCK_BYTE)
  } catch {
    // A container may hide /proc/locks; the error then says that the holder is unknown.
    return undefined
  }
}

function holderOf(locks: readonly string[], path: string, byte: number): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return undefined
  for (const line of locks) {
    // 12: POSIX  ADVISORY  WRITE 4711 08:02:1234 120 120
    const fields = line.trim().split(/\s+/)
    const [pid, file, from, to] = fields.slice(4)
    if (fields[3] !== 'WRITE' || pid === undefined || file?.split(':')[2] !== String(stat.ino)) continue
    if (Number(from) <= byte && (to === 'EOF' || Number(to) >= byte)) return describe(pid)
  }
  return undefined
}

/** Another process with any lock on the file: without WAL a reader keeps a commit waiting. */
function sharerOf(locks: readonly string[], path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  const pid = locks
    .map((line) => line.trim().split(/\s+/))
    .find(([, , , , pid, file]) => file?.split(':')[2] === String(stat?.ino) && pid !== String(process.pid))?.[4]
  return pid === undefined ? undefined : describe(pid)
}

function describe(pid: string): string {
  if (Number(pid) === process.pid) return `this process (${pid}), through another SQLite connection`
  try {
    // Not `comm`: that is the name of its main thread, which Node.js calls MainThread. Arguments may hold secrets.
    const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return `process ${pid} (${basename(command)})`
  } catch {
    // It ended between the two reads, or belongs to another pid namespace.
    return `process ${pid}`
  }
}
