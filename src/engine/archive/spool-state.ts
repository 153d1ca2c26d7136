/** What the spool remembers of its stream from one life of the process to the next, in one small file that is replaced whole. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { LogPlace } from '../thread/log-place.ts'

const FILE = 'state.json'
const FORMAT = 1

/** The database file as `stat` saw it, while nothing could be copied into it and the log was empty. */
export interface FileStamp {
  readonly inode: string
  readonly bytes: number
  /** Nanoseconds, as decimal digits. */
  readonly modified: string
  readonly changed: string
}

export interface SpoolState {
  readonly stream: string
  /** Of the next segment. */
  readonly number: number
  readonly previousHash: string
  /** Number and time of the last commit in a finished segment. */
  readonly commit: number
  readonly timeMs: number
  /** Where the finished segments end. */
  readonly position: LogPlace
  /** What the file was when all of the log was in the stream and in the file; `null` when something came later. */
  readonly rest: FileStamp | null
  /** Why the stream has ended; `null` while it goes on. */
  readonly ended: string | null
}

/** @returns `null` when there is none that can be read: nothing is known then. */
export function readSpoolState(folder: string): SpoolState | null {
  try {
    const { format, ...state } = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as SpoolState & { format: number }
    return format === FORMAT ? state : null
  } catch {
    return null
  }
}

/** Replaces it; durable when it returns. */
export function writeSpoolState(folder: string, state: SpoolState): void {
  const partial = join(folder, `${FILE}.partial`)
  writeDurably(partial, JSON.stringify({ format: FORMAT, ...state }))
  renameSync(partial, join(folder, FILE))
  syncFolderNow(folder)
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w')
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Waits until the names in a folder are on the disk. Windows opens no folders, and does that by itself. */
export function syncFolderNow(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
