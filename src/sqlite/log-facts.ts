/**
 * What is in a write-ahead log, read from the files themselves: `PRAGMA wal_checkpoint`, the only statement that tells,
 * writes. Formats: https://sqlite.org/walformat.html
 *
 * Opens and closes `-shm`, which drops the locks of a process that has the file open through SQLite: for processes that
 * do not.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { endianness } from 'node:os'
import { readBytes } from './read-bytes.ts'

export interface LogFacts {
  readonly bytes: number
  /** Frames (page versions) of the present generation, up to its last commit. */
  readonly frames: number
  /** How many of them have been copied into the database file; `null` when no index (`-shm`) of this log tells. */
  readonly checkpointed: number | null
}

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC = 0x377f0682
const SALT_IN_HEADER = 16
const SALT_IN_FRAME = 8
const SALT_IN_INDEX = 32
const BACKFILLED_IN_INDEX = 96
const INDEX_HEADER_BYTES = 136

/** Facts of the log of the database at `path`; `null` when it has none. */
export function readLogFacts(path: string): LogFacts | null {
  const log = `${path}-wal`
  const bytes = statSync(log, { throwIfNoEntry: false })?.size
  if (bytes === undefined) return null

  const header = readBytes(log, 0, HEADER_BYTES)
  // The last bit of the magic tells the byte order of the checksums.
  if (header === null || (header.readUInt32BE(0) & ~1) >>> 0 !== MAGIC) return { bytes, frames: 0, checkpointed: null }
  const salt = header.subarray(SALT_IN_HEADER, SALT_IN_HEADER + 8)
  const frames = countFrames(log, header.readUInt32BE(8), salt)

  const index = readBytes(`${path}-shm`, 0, INDEX_HEADER_BYTES)
  const isOfThisLog = index?.subarray(SALT_IN_INDEX, SALT_IN_INDEX + 8).equals(salt) === true
  return { bytes, frames, checkpointed: isOfThisLog ? readNative(index, BACKFILLED_IN_INDEX) : null }
}

/** A log that starts again overwrites from the front: frames behind the new ones carry the old salt. */
function countFrames(log: string, pageBytes: number, salt: Buffer): number {
  const header = Buffer.alloc(FRAME_HEADER_BYTES)
  const descriptor = openSync(log, 'r')
  try {
    let committed = 0
    for (let frame = 0; ; frame++) {
      const at = HEADER_BYTES + frame * (FRAME_HEADER_BYTES + pageBytes)
      if (readSync(descriptor, header, 0, FRAME_HEADER_BYTES, at) < FRAME_HEADER_BYTES) return committed
      if (!header.subarray(SALT_IN_FRAME, SALT_IN_FRAME + 8).equals(salt)) return committed
      // The frame that ends a transaction carries the size of the database after it.
      if (header.readUInt32BE(4) > 0) committed = frame + 1
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The log is big-endian everywhere; the index, which never leaves the machine, is in its own byte order. */
function readNative(bytes: Buffer, at: number): number {
  return endianness() === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
}
