/** Makes a log for a database file out of frames of other logs, in pieces that SQLite takes in one after another. */
import { randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { foldLogInto } from '../../engine/open-for-folding.ts'
import { adoptFrame, createWalHeader, frameBytesOf, type WalHeader, type WalSums } from '../../sqlite/wal-format.ts'

/** A log of so many bytes is given to SQLite: it needs the space beside the file, and reads it once. */
const FOLD_BYTES = 256 * 2 ** 20

interface Log {
  readonly file: FileHandle
  readonly header: WalHeader
  sums: WalSums
  frames: number
  /** How many of them SQLite will find: those up to the last commit. */
  committed: number
}

export class LogBuilder {
  readonly #path: string
  #log: Log | null = null

  /** @param path Of the database file, which nobody has open. */
  constructor(path: string) {
    this.#path = path
  }

  /** Adds frames, which are changed in place. `lastCommit`: how many of them end with a transaction; 0 when none does. */
  async add(frames: Buffer, pageBytes: number, lastCommit: number): Promise<void> {
    const log = (this.#log ??= await this.#begin(pageBytes))
    const frameBytes = frameBytesOf(log.header)
    for (let at = 0; at < frames.length; at += frameBytes) log.sums = adoptFrame(frames, at, log.header, log.sums)
    await log.file.writeFile(frames)
    if (lastCommit > 0) log.committed = log.frames + lastCommit
    log.frames += frames.length / frameBytes
    if (log.committed === log.frames && log.frames * frameBytes >= FOLD_BYTES) await this.fold()
  }

  /** Lets SQLite take in what has been added. Frames behind the last commit are none. */
  async fold(): Promise<void> {
    const log = this.#log
    if (log === null) return
    this.#log = null
    await log.file.close()
    await foldLogInto(this.#path, log.committed)
  }

  /** Gives up what has not been taken in. */
  async close(): Promise<void> {
    await this.#log?.file.close()
    this.#log = null
  }

  async #begin(pageBytes: number): Promise<Log> {
    const { bytes, header } = createWalHeader(pageBytes, randomBytes(8).toString('hex'))
    const file = await open(`${this.#path}-wal`, 'w')
    await file.writeFile(bytes)
    return { file, header, sums: header.sums, frames: 0, committed: 0 }
  }
}
