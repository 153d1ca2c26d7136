/**
 * Which other processes have a database file open, for those that only look at it. Linux only: from the descriptors in
 * `/proc/<pid>/fd`, which show the processes of the same user (of everybody to root), and from `/proc/locks`, which
 * shows the locks of all (https://man7.org/linux/man-pages/man5/proc_locks.5.html). Nothing of SQLite's is opened.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { basename } from 'node:path'

export interface FileUser {
  readonly pid: number
  /** The name of its program; `null` when it ended meanwhile or belongs to another pid namespace. */
  readonly name: string | null
}

/**
 * Processes other than this one that have `path` or its `-shm` open, by pid; `null` where it cannot be known.
 *
 * @param path Absolute, without symbolic links.
 */
export function findFileUsers(path: string): FileUser[] | null {
  if (process.platform !== 'linux') return null
  const pids = new Set([...pidsWithDescriptor(path), ...pidsWithLock([path, `${path}-shm`])])
  pids.delete(process.pid)
  return [...pids].sort((a, b) => a - b).map((pid) => ({ pid, name: nameOf(pid) }))
}

function pidsWithDescriptor(path: string): number[] {
  const pids = listOf('/proc').filter((entry) => /^\d+$/.test(entry))
  return pids
    .filter((pid) => listOf(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === path))
    .map(Number)
}

function pidsWithLock(paths: readonly string[]): number[] {
  const inodes = new Set(
    paths.flatMap((path) => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? []).map(String),
  )
  return linesOf('/proc/locks').flatMap((line) => {
    // 12: POSIX  ADVISORY  READ 4711 08:02:1234 128 128
    const [pid, file] = line.trim().split(/\s+/).slice(4)
    // 0 stands for a process of another pid namespace.
    return inodes.has(file?.split(':')[2] ?? '') ? [Number(pid)] : []
  })
}

/** What it was started as. Its `comm` is the name of its first thread, which for Node.js is `MainThread`. */
function nameOf(pid: number): string | null {
  const started = linesOf(`/proc/${pid}/cmdline`)[0]?.split('\0')[0]
  return started ? basename(started) : null
}

// What is gone, hidden by the system or not ours to see holds nothing that could be told.

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n')
  } catch {
    return []
  }
}
