/**
 * Which file a path leads to, and whether it still does. Only `stat` is used: opening and closing a database file in a
 * process that has it open drops SQLite's locks (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 *
 * A file that is removed or replaced lives on without a name for those that have it open: what is written to it is gone
 * when the last of them closes it. SQLite does not notice that in WAL mode, so it is asked for before every commit.
 */
import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { FileGoneError } from '../errors.ts'

export interface FileIdentity {
  /** Without symbolic links, as far as they lead anywhere. */
  readonly path: string
  /** `device:inode`; `null` when there is no file. */
  readonly inode: string | null
}

/** As many as Linux follows (https://man7.org/linux/man-pages/man7/path_resolution.7.html). */
const MAX_LINKS = 40

/** Identifies the file at an absolute path; one that is yet to be made by where SQLite will make it. */
export function identifyFile(path: string): FileIdentity {
  return { path: resolveLinks(path), inode: inodeOf(path) }
}

/** What SQLite has open for one database, to be compared with what is there later. */
export interface FilePlace {
  readonly path: string
  readonly inode: string
  /** Of the write-ahead log; `null` without WAL. */
  readonly logInode: string | null
}

/** The place of a database that has just been opened; `null` for one in memory. */
export function placeOf(path: string, { wal }: { readonly wal: boolean }): FilePlace | null {
  const inode = path === ':memory:' ? null : inodeOf(path)
  return inode === null ? null : { path, inode, logInode: wal ? inodeOf(`${path}-wal`) : null }
}

/** What is no longer in its place, or `null`. */
export function findMissing({ path, inode, logInode }: FilePlace): FileGoneError | null {
  const now = inodeOf(path)
  if (now !== inode) return new FileGoneError({ path, what: 'the file', how: now === null ? 'removed' : 'replaced' })
  const log = logInode === null ? null : inodeOf(`${path}-wal`)
  if (log === logInode) return null
  return new FileGoneError({ path, what: 'its log (-wal)', how: log === null ? 'removed' : 'replaced' })
}

function inodeOf(path: string): string | null {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? null : `${stat.dev}:${stat.ino}`
  } catch {
    // A folder on the way is gone or closed to us: so is the file.
    return null
  }
}

function resolveLinks(path: string): string {
  let current = path
  for (let links = 0; links < MAX_LINKS; links++) {
    const real = attemptRealpath(current)
    if (real !== null) return real
    // Nothing there yet: SQLite follows a link that leads nowhere and makes the file at its end.
    const folder = attemptRealpath(dirname(current)) ?? dirname(current)
    const here = join(folder, basename(current))
    if (lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return here
    current = resolve(folder, readlinkSync(here))
  }
  return current
}

function attemptRealpath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
