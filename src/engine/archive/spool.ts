/**
 * The archive's local part: a folder beside the database in which the stream is written down before anything else happens to it.
 *
 *     <folder>/state.json                     where the stream is, as of its last finished segment
 *     <folder>/<stream>/<number>.segment      finished, waiting for the store
 *     <folder>/<stream>/open                  the one that is being written
 *
 * Synchronous, for the archive's thread. A finished segment is on the disk; of the open one a killed process loses nothing, a
 * power cut what the system had not written yet: what is left of it is read back as far as it is whole.
 */
import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { attempt } from '../../util/attempt.ts'
import { type LogPlace, NEXT_LOG } from '../thread/log-place.ts'
import type { FinishedSegment } from '../types.ts'
import { readBack } from './read-back.ts'
import { type BlockHead, encodeBlockHead, encodeEnd, encodeHeader, NO_SEGMENT, segmentName } from './segment-format.ts'
import { type FileStamp, readSpoolState, type SpoolState, syncFolderNow, writeSpoolState } from './spool-state.ts'

const OPEN = 'open'
/** Where a log's header has the size of a page. */
const PAGE_SIZE_IN_WAL = 8

/** What one piece of the log adds to the stream. */
export interface Addition {
  readonly head: BlockHead
  /** `frames` of them, one after another. */
  readonly frames: Uint8Array
  /** Behind the last of them. */
  readonly position: LogPlace
  /** Pages of the database after the last commit; `null`: none ends here. */
  readonly databasePages: number | null
}

/** The segment that is being written. */
interface OpenSegment {
  readonly file: number
  readonly firstCommit: number
  readonly hash: Hash
  bytes: number
  frames: number
  firstTimeMs: number | null
  databasePages: number
}

export class Spool {
  readonly #folder: string
  #state: SpoolState
  #open: OpenSegment | null = null
  #position: LogPlace
  #commit: number
  #timeMs: number

  private constructor(folder: string, state: SpoolState) {
    this.#folder = folder
    this.#state = state
    this.#position = state.position
    this.#commit = state.commit
    this.#timeMs = state.timeMs
  }

  /** The spool of the process before, with all that it had written down; `null` when there is none or its stream has ended. */
  static resume(folder: string): Spool | null {
    const state = readSpoolState(folder)
    if (state === null || state.ended !== null) return null
    // Empty, it may not have come along when the folder was copied or cut short.
    mkdirSync(join(folder, state.stream), { recursive: true })
    const spool = new Spool(folder, state)
    spool.#readBack()
    return spool
  }

  /** Begins a stream. Its commits are counted on from `commit`. */
  static begin(
    folder: string,
    { stream, commit, position }: Pick<SpoolState, 'stream' | 'commit' | 'position'>,
  ): Spool {
    mkdirSync(join(folder, stream), { recursive: true })
    removeEmpty(folder, stream)
    syncFolderNow(folder)
    const state = { stream, commit, position, number: 1, previousHash: NO_SEGMENT, timeMs: 0 }
    const begun = { ...state, rest: null, ended: null }
    writeSpoolState(folder, begun)
    return new Spool(folder, begun)
  }

  get stream(): string {
    return this.#state.stream
  }
  /** Where in the log it ends. */
  get position(): LogPlace {
    return this.#position
  }
  /** Number and time of the last commit. */
  get commit(): number {
    return this.#commit
  }
  get timeMs(): number {
    return this.#timeMs
  }
  get openBytes(): number {
    return this.#open?.bytes ?? 0
  }
  get rest(): FileStamp | null {
    return this.#open === null ? this.#state.rest : null
  }

  add({ head, frames, position, databasePages }: Addition): void {
    const open = (this.#open ??= this.#begin(head.walHeader.readUInt32BE(PAGE_SIZE_IN_WAL)))
    const bytes = encodeBlockHead(head)
    writeAll(open.file, bytes)
    writeAll(open.file, frames)
    open.hash.update(bytes).update(frames)
    open.bytes += bytes.length + frames.length
    this.#note(open, { head, position, databasePages })
  }

  /** Finishes the open segment; it is on the disk then. `null` when there is none, or no commit ends in it. */
  finish(): FinishedSegment | null {
    const open = this.#open
    if (open === null || open.firstTimeMs === null) return null
    const { stream, number } = this.#state
    const end = encodeEnd({
      number,
      firstCommit: open.firstCommit,
      lastCommit: this.#commit,
      firstTimeMs: open.firstTimeMs,
      lastTimeMs: this.#timeMs,
      position: this.#position,
      frames: open.frames,
      databasePages: open.databasePages,
    })
    // Behind what an attempt that failed has left: a copy, so that this one may fail as well.
    const hash = open.hash.copy().update(end).digest()
    ftruncateSync(open.file, open.bytes)
    writeAll(open.file, Buffer.concat([end, hash]))
    fsyncSync(open.file)
    closeSync(open.file)
    this.#open = null
    renameSync(this.#pathOf(OPEN), this.#pathOf(segmentName(number)))
    syncFolderNow(join(this.#folder, stream))
    this.#save({ number: number + 1, previousHash: hash.toString('hex'), rest: null })
    return { stream, number, bytes: open.bytes + end.length + hash.length }
  }

  /** Notes that everything there is stands in the file, which looked like this. Only behind a finished segment. */
  restAt(stamp: FileStamp): void {
    if (this.#open === null) this.#save({ rest: stamp, position: NEXT_LOG })
  }

  /** Ends the stream for good. What is finished stays to be stored; finish first what can be. */
  end(reason: string): void {
    this.close()
    rmSync(this.#pathOf(OPEN), { force: true })
    this.#save({ ended: reason })
  }

  /** Leaves the open segment where it is, for the next life. */
  close(): void {
    if (this.#open !== null) closeSync(this.#open.file)
    this.#open = null
  }

  #begin(pageBytes: number): OpenSegment {
    // Before the first checkpoint after the rest: a power cut may take the file's new time back, and leave its new pages.
    if (this.#state.rest !== null) this.#save({ rest: null })
    const { stream, number, previousHash } = this.#state
    const path = this.#pathOf(OPEN)
    const firstCommit = this.#commit + 1
    const header = encodeHeader({ pageBytes, stream, number, firstCommit, previousHash, position: this.#position })
    rmSync(path, { force: true })
    const file = openSync(path, 'a')
    writeAll(file, header)
    const hash = createHash('sha256').update(header)
    return { file, firstCommit, hash, bytes: header.length, ...NOTHING_YET }
  }

  #note(open: OpenSegment, { head, position, databasePages }: Omit<Addition, 'frames'>): void {
    open.frames += head.frames
    open.firstTimeMs ??= head.commits[0]?.timeMs ?? null
    open.databasePages = databasePages ?? open.databasePages
    this.#position = position
    this.#commit += head.commits.length
    this.#timeMs = head.commits.at(-1)?.timeMs ?? this.#timeMs
  }

  #save(change: Partial<SpoolState>): void {
    const { position, commit, timeMs } = { position: this.#position, commit: this.#commit, timeMs: this.#timeMs }
    this.#state = { ...this.#state, position, commit, timeMs, ...change }
    this.#position = this.#state.position
    writeSpoolState(this.#folder, this.#state)
  }

  /** Takes the open segment of the process before up again, cut behind its last whole block. */
  #readBack(): void {
    const { stream, number, previousHash } = this.#state
    const path = this.#pathOf(OPEN)
    // Finished, but the state did not come to know: it is finished again.
    if (existsSync(this.#pathOf(segmentName(number)))) renameSync(this.#pathOf(segmentName(number)), path)
    const found = readBack(path)
    const header = found?.blocks[0]?.header
    if (
      found === null ||
      header?.stream !== stream ||
      header.number !== number ||
      header.previousHash !== previousHash
    ) {
      rmSync(path, { force: true })
      return
    }
    truncateSync(path, found.bytes)
    const { firstCommit } = header
    const { bytes, hash } = found
    const open = { file: openSync(path, 'a'), firstCommit, hash, bytes, ...NOTHING_YET }
    for (const block of found.blocks) this.#note(open, block)
    this.#open = open
  }

  #pathOf(name: string): string {
    return join(this.#folder, this.#state.stream, name)
  }
}

const NOTHING_YET = { frames: 0, firstTimeMs: null, databasePages: 0 }

/** Removes the folders of other streams of which everything is stored. */
function removeEmpty(folder: string, stream: string): void {
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    if (name !== stream) attempt(() => rmdirSync(join(folder, name)))
  }
}

/** One call need not write all. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}
