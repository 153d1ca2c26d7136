/**
 * Reads committed frames out of the log's file, from a position on. The file is read with `node:fs`: SQLite keeps no lock on
 * `-wal`, so opening and closing it drops none.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import {
  FRAME_HEADER_BYTES,
  frameBytesOf,
  parseWalHeader,
  readFrame,
  sameSums,
  sumsAt,
  WAL_HEADER_BYTES,
  type WalHeader,
} from '../../sqlite/wal-format.ts'
import type { LogPlace } from '../thread/log-place.ts'
import { type CommitMark, MAX_BLOCK_BYTES } from './segment-format.ts'
import type { Addition } from './spool.ts'

/** The log is not what it was when it was read before: whatever was written in between is not known. */
export class LogGap extends Error {}

export interface LogHead {
  readonly header: WalHeader
  readonly bytes: Buffer
}

export class LogReader {
  readonly #path: string
  #file: number | null = null
  /** Used again for each block; aligned, so that checksums are fast. */
  readonly #buffer = Buffer.allocUnsafeSlow(MAX_BLOCK_BYTES)

  constructor(path: string) {
    this.#path = `${path}-wal`
  }

  /** The log's header; `null` when it has none: nothing was written since it was cut to nothing. */
  head(): LogHead | null {
    this.#file ??= openSync(this.#path, 'r')
    const bytes = Buffer.alloc(WAL_HEADER_BYTES)
    const read = readSync(this.#file, bytes, 0, WAL_HEADER_BYTES, 0)
    const header = read < WAL_HEADER_BYTES ? null : parseWalHeader(bytes)
    return header === null ? null : { header, bytes }
  }

  /** The position behind frame `frame` of the log that has this header. */
  positionAt({ header }: LogHead, frame: number): LogPlace {
    if (frame === 0) return { salts: header.salts, frame: 0, sums: header.sums }
    const bytes = Buffer.alloc(FRAME_HEADER_BYTES)
    this.#read(bytes, frame - 1, header)
    return { salts: header.salts, frame, sums: sumsAt(bytes, 0) }
  }

  /** Whether the log still has the frame that a position stands behind. */
  has(head: LogHead, position: LogPlace): boolean {
    if (head.header.salts !== position.salts) return false
    try {
      return sameSums(this.positionAt(head, position.frame).sums, position.sums)
    } catch (error) {
      if (error instanceof LogGap) return false
      throw error
    }
  }

  /**
   * The frames behind `from` up to frame `upTo`, in pieces.
   *
   * @param timeOf When the commit that ends with a frame was seen first.
   * @throws LogGap when a frame is not one that can follow.
   */
  *read(
    { header, bytes }: LogHead,
    from: LogPlace,
    upTo: number,
    timeOf: (frame: number) => number,
  ): Generator<Addition> {
    const frameBytes = frameBytesOf(header)
    const goesOn = from.salts === header.salts && from.frame > 0
    let position = goesOn ? from : { salts: header.salts, frame: 0, sums: header.sums }
    while (position.frame < upTo) {
      const count = Math.min(upTo - position.frame, Math.floor(MAX_BLOCK_BYTES / frameBytes))
      const frames = this.#buffer.subarray(0, count * frameBytes)
      this.#read(frames, position.frame, header)
      const { sums, commits, databasePages } = checkFrames(frames, header, position, timeOf)
      const head = {
        frames: count,
        firstFrame: position.frame + 1,
        sumsBefore: position.sums,
        walHeader: bytes,
        commits,
      }
      position = { salts: header.salts, frame: position.frame + count, sums }
      yield { head, frames, position, databasePages }
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #read(bytes: Buffer, frame: number, header: WalHeader): void {
    const start = WAL_HEADER_BYTES + frame * frameBytesOf(header)
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.#file ?? -1, bytes, done, bytes.length - done, start + done)
      if (read === 0) throw new LogGap('the log is shorter than SQLite says')
      done += read
    }
  }
}

function checkFrames(
  frames: Buffer,
  header: WalHeader,
  before: LogPlace,
  timeOf: (frame: number) => number,
): { sums: LogPlace['sums']; commits: CommitMark[]; databasePages: number | null } {
  const frameBytes = frameBytesOf(header)
  const commits: CommitMark[] = []
  let { sums } = before
  let databasePages: number | null = null
  for (let index = 0; index * frameBytes < frames.length; index++) {
    const frame = readFrame(frames, index * frameBytes, header, sums)
    if (frame === null) throw new LogGap(`frame ${before.frame + index + 1} of the log does not follow the one before`)
    sums = frame.sums
    if (frame.databasePages === 0) continue
    databasePages = frame.databasePages
    commits.push({ frame: index + 1, timeMs: timeOf(before.frame + index + 1) })
  }
  return { sums, commits, databasePages }
}
