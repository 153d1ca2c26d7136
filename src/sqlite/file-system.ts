/**
 * Where a database file may live. WAL needs memory shared between processes and working locks
 * (https://sqlite.org/wal.html, https://sqlite.org/faq.html#q5); network and pass-through file systems give neither.
 *
 * Known on Linux (`/proc/self/mountinfo`) and for Windows shares (`\\server\…`); elsewhere a file system is taken as
 * local. Only `stat` and `access` touch the database file: opening it here would drop SQLite's locks on it.
 */
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ConnectionError, FileSystemError } from '../errors.ts'

/** File systems on which WAL is refused; `fuse.*` stands for every FUSE file system. */
const REFUSED = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb',
  'smb2',
  'smb3',
  'smbfs',
  '9p',
  'virtiofs',
  'afs',
  'ncpfs',
  'vboxsf',
  'prl_fs',
  'fuse',
  'fuseblk',
])

export interface JournalDecision {
  readonly wal: boolean
  /** The refused file system that made the default give way; `null` when nothing did. */
  readonly refused: string | null
}

/**
 * Makes the parent folder, checks what can be checked without opening the file, and decides on WAL.
 *
 * @throws ConnectionError for a directory, an unreadable file or a folder that cannot be made.
 * @throws FileSystemError when WAL was asked for, or is in the file already, on a file system that cannot carry it.
 */
export function prepareFile(
  path: string,
  request: { readonly wal: boolean; readonly explicit: boolean },
): JournalDecision {
  makeFolder(path)
  const exists = checkFile(path)
  const fileSystem = fileSystemOf(realpathSync(exists ? path : dirname(path)))
  const refused = isRefused(fileSystem)
  if (!refused) return { wal: request.wal, refused: null }

  if (exists && isInWal(path)) throw new FileSystemError({ path, fileSystem, inWal: true })
  if (request.wal && request.explicit) throw new FileSystemError({ path, fileSystem, inWal: false })
  return { wal: false, refused: request.wal ? fileSystem : null }
}

/** Whether WAL is refused on this type of file system. */
export function isRefused(fileSystem: string): boolean {
  return REFUSED.has(fileSystem) || fileSystem.startsWith('fuse.')
}

/** Type of the file system that holds `path` (`ext4`, `nfs4`, `fuse.sshfs`); `unknown` where it cannot be told. */
export function fileSystemOf(path: string): string {
  if (/^[\\/]{2}[^\\/?.]/.test(path) && process.platform === 'win32') return 'smb'
  if (process.platform !== 'linux') return 'unknown'
  try {
    return mountOf(path, readFileSync('/proc/self/mountinfo', 'utf8'))
  } catch {
    // No /proc here: nothing can be told.
    return 'unknown'
  }
}

/** The type of the mount with the longest mount point above `path` (https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html). */
export function mountOf(path: string, mountinfo: string): string {
  let best = { length: 0, type: 'unknown' }
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    const point = before
      ?.split(' ')[4]
      ?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    const type = after?.split(' ')[0]
    if (point === undefined || type === undefined) continue
    const holds = point === '/' || path === point || path.startsWith(`${point}/`)
    // Of two mounts on one point the later one is seen.
    if (holds && point.length >= best.length) best = { length: point.length, type }
  }
  return best.type
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (cause) {
    const reason = `its folder cannot be made (${codeOf(cause)})`
    throw new ConnectionError(
      { path, reason, advice: 'Choose another folder, or give the process permission to make this one.' },
      { cause },
    )
  }
}

/** Whether the file exists; throws when it cannot be one. */
function checkFile(path: string): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return false
    if (!stat.isFile()) {
      const reason = stat.isDirectory() ? 'it is a directory' : 'it is not a regular file'
      throw new ConnectionError({ path, reason, advice: 'Give the path of the file itself.' })
    }
    accessSync(path, constants.R_OK)
    return true
  } catch (cause) {
    if (cause instanceof ConnectionError) throw cause
    const reason = `it is not readable (${codeOf(cause)})`
    throw new ConnectionError(
      { path, reason, advice: 'Give the process permission to read it and its folder.' },
      { cause },
    )
  }
}

/**
 * Whether the file's header says WAL (bytes 18 and 19, https://sqlite.org/fileformat.html). Opens the file, so it is
 * used only where WAL is refused and nothing of this process may have it open in WAL mode.
 */
function isInWal(path: string): boolean {
  const header = Buffer.alloc(20)
  const descriptor = openSync(path, 'r')
  try {
    return readSync(descriptor, header, 0, 20, 0) === 20 && header[18] === 2
  } finally {
    closeSync(descriptor)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
