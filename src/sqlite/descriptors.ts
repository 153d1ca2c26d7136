/**
 * Which descriptors this process has on a database, and whether the locks that SQLite relies on are still there. Linux
 * only, from `/proc/self/fd` and `/proc/self/fdinfo`; elsewhere nothing is claimed.
 *
 * Closing any descriptor of a file drops every POSIX lock the process has on it, also those of SQLite's own descriptors
 * (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_). Within one copy of
 * the SQLite library all connections know of each other; a second copy does not know the first.
 *
 * SQLite opens its files with O_NOFOLLOW, which nobody else does without reason. It keeps descriptors of connections that
 * are closed already, to use them again; so the number of those on the file tells nothing. On `-shm` each copy of the
 * library has exactly one.
 */
import { constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'

export interface DescriptorFacts {
  /** Descriptors on the file or its `-shm` that SQLite did not open. */
  readonly foreign: number
  /** Copies of the SQLite library that have the `-shm` open; 0 without WAL. */
  readonly libraries: number
  /** Whether the lock that every connection in WAL mode holds on the file is there, and the one on `-shm`. */
  readonly locked: { readonly file: boolean; readonly shm: boolean }
}

interface Descriptor {
  readonly inode: string
  readonly flags: number
  readonly locked: boolean
}

/** First byte of the range that a reader locks, and the lock by which users of `-shm` know of each other. */
const SHARED_FIRST = 0x40000002
const DEAD_MAN_SWITCH = 128

/** `null` where the system does not tell. */
export function readDescriptors(path: string): DescriptorFacts | null {
  if (process.platform !== 'linux' || !existsSync('/proc/locks')) return null
  const file = descriptorsOn(path, SHARED_FIRST)
  const shm = descriptorsOn(`${path}-shm`, DEAD_MAN_SWITCH)
  const bySqlite = ({ flags }: Descriptor): boolean => (flags & constants.O_NOFOLLOW) !== 0
  return {
    foreign: [...file, ...shm].filter((descriptor) => !bySqlite(descriptor)).length,
    libraries: shm.filter(bySqlite).length,
    locked: { file: file.some(({ locked }) => locked), shm: shm.some(({ locked }) => locked) },
  }
}

/** Asks the kernel about each descriptor; nothing is opened but files of `/proc`. */
function descriptorsOn(path: string, lockedByte: number): Descriptor[] {
  const inode = inodeOf(path)
  if (inode === null) return []
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    if (inodeOf(`/proc/self/fd/${fd}`) !== inode) return []
    try {
      return [{ inode, ...parseDescriptor(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'), lockedByte) }]
    } catch {
      // Closed meanwhile.
      return []
    }
  })
}

/** https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html; public for its tests. */
export function parseDescriptor(text: string, lockedByte: number): { flags: number; locked: boolean } {
  const flags = Number.parseInt(/^flags:\s*([0-7]+)/m.exec(text)?.[1] ?? '0', 8)
  // lock:	1: POSIX  ADVISORY  READ 24200 fe:00:2147079 1073741826 1073742335
  const locks = [...text.matchAll(/^lock:.* (\d+) (\d+|EOF)$/gm)]
  const locked = locks.some(([, from, to]) => Number(from) <= lockedByte && (to === 'EOF' || Number(to) >= lockedByte))
  return { flags, locked }
}

function inodeOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}
