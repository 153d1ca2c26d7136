/**
 * Takes a segment apart and believes none of it: every frame is checked by the log's checksums, every block by what stands
 * before it, the whole by its SHA-256. Blocks are handed out one at a time, so a segment may be larger than memory.
 */
import { createHash, type Hash } from 'node:crypto'
import { frameBytesOf, parseWalHeader, readFrame, sameSums, type WalHeader } from '../../sqlite/wal-format.ts'
import type { LogPlace } from '../thread/log-place.ts'
import {
  BLOCK_HEAD_BYTES,
  type BlockHead,
  COMMIT_ENTRY_BYTES,
  commitsInBlock,
  decodeBlockHead,
  decodeEnd,
  decodeHeader,
  HASH_BYTES,
  MAX_BLOCK_BYTES,
  SEGMENT_HEADER_BYTES,
  type SegmentEnd,
  type SegmentHeader,
  TRAILER_BYTES,
} from './segment-format.ts'

/** Heads of blocks are kept; tables and frames are used up before more is read. */
const SMALL_BYTES = 4096
const LARGE_BYTES = 2 ** 20

/** Bytes are gone, or other ones. */
export class DamagedSegment extends Error {}

/** Frames that have been found good. */
export interface SegmentBlock {
  readonly header: SegmentHeader
  readonly wal: WalHeader
  readonly head: BlockHead
  /** One after another, each with its header; until the next block is asked for. */
  readonly frames: Buffer
  /** Number of the first commit that ends in it, or in a later one. */
  readonly firstCommit: number
  /** Behind its last frame. */
  readonly position: LogPlace
  /** Pages of the database after its last commit; `null`: none ends in it. */
  readonly databasePages: number | null
}

/** The same for a whole segment, as far as it has been read. */
export interface SegmentState {
  readonly header: SegmentHeader
  position: LogPlace
  nextCommit: number
  firstTimeMs: number | null
  lastTimeMs: number
  frames: number
  databasePages: number
}

/** Bytes that are asked for, or a block. */
type Step = number | SegmentBlock

/**
 * Reads the segment that `chunks` are the bytes of.
 *
 * @throws DamagedSegment at the first thing that is not as it was written.
 */
export async function* readSegment(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SegmentBlock, SegmentEnd> {
  const bytes = new Bytes(chunks)
  const hash = createHash('sha256')
  try {
    const parser = parseSegment(hash)
    let step = parser.next()
    while (!step.done) {
      const { value } = step
      if (typeof value === 'number') step = parser.next(await bytes.take(value))
      else {
        yield value
        step = parser.next()
      }
    }
    if (!(await bytes.ended())) throw new DamagedSegment('something follows its end')
    return step.value
  } finally {
    await bytes.close()
  }
}

/** The parser alone; it is given exactly the bytes that it asks for, in memory of their own. */
export function* parseSegment(hash: Hash): Generator<Step, SegmentEnd, Buffer | undefined> {
  const state = beginSegment(take(yield SEGMENT_HEADER_BYTES, hash))
  for (;;) {
    // The head of a block is shorter than a trailer, and the trailer's last bytes are not hashed.
    const start = taken(yield BLOCK_HEAD_BYTES)
    const commits = commitsInBlock(start)
    if (commits === null) return endSegment(state, start, taken(yield TRAILER_BYTES - BLOCK_HEAD_BYTES), hash)
    hash.update(start)
    if (commits * COMMIT_ENTRY_BYTES > MAX_BLOCK_BYTES) throw new DamagedSegment('a block has too many commits')
    const table = commits === 0 ? Buffer.alloc(0) : take(yield commits * COMMIT_ENTRY_BYTES, hash)
    const head = decodeBlockHead(Buffer.concat([start, table]))
    const wal = head === null ? null : parseWalHeader(head.walHeader)
    if (head === null || wal === null) throw new DamagedSegment('the head of a block is not as it was written')
    const bytes = head.frames * frameBytesOf(wal)
    if (head.frames === 0 || bytes > MAX_BLOCK_BYTES) throw new DamagedSegment('a block has an impossible size')
    yield addBlock(state, head, wal, take(yield bytes, hash))
  }
}

function beginSegment(bytes: Buffer): SegmentState {
  const header = decodeHeader(bytes)
  if (header === null) throw new DamagedSegment('it does not begin as a segment')
  const { position, firstCommit } = header
  return {
    header,
    position,
    nextCommit: firstCommit,
    firstTimeMs: null,
    lastTimeMs: 0,
    frames: 0,
    databasePages: 0,
  }
}

/** Checks a block against what stands before it, and goes on behind it. */
function addBlock(state: SegmentState, head: BlockHead, wal: WalHeader, frames: Buffer): SegmentBlock {
  const { header, position } = state
  if (wal.pageBytes !== header.pageBytes) throw new DamagedSegment('a block has pages of another size')
  if (!follows(position, head, wal)) throw new DamagedSegment('a block does not follow the one before it')
  const found = checkFrames(head, wal, frames)
  const firstCommit = state.nextCommit
  state.position = { salts: wal.salts, frame: head.firstFrame + head.frames - 1, sums: found.sums }
  state.nextCommit += head.commits.length
  state.firstTimeMs ??= head.commits[0]?.timeMs ?? null
  state.lastTimeMs = head.commits.at(-1)?.timeMs ?? state.lastTimeMs
  state.frames += head.frames
  state.databasePages = found.databasePages ?? state.databasePages
  return { header, wal, head, frames, firstCommit, position: state.position, databasePages: found.databasePages }
}

/** Whether a block goes on at a position: in the same log, or at the beginning of the next. */
function follows(position: LogPlace, head: BlockHead, wal: WalHeader): boolean {
  if (position.salts === wal.salts && position.frame > 0)
    return head.firstFrame === position.frame + 1 && sameSums(head.sumsBefore, position.sums)
  return head.firstFrame === 1 && sameSums(head.sumsBefore, wal.sums)
}

function checkFrames(
  head: BlockHead,
  wal: WalHeader,
  frames: Buffer,
): { readonly sums: LogPlace['sums']; readonly databasePages: number | null } {
  const frameBytes = frameBytesOf(wal)
  let sums = head.sumsBefore
  let databasePages: number | null = null
  let commit = 0
  for (let index = 0; index < head.frames; index++) {
    const frame = readFrame(frames, index * frameBytes, wal, sums)
    if (frame === null) throw new DamagedSegment(`frame ${head.firstFrame + index} is not as it was written`)
    sums = frame.sums
    if (frame.databasePages === 0) continue
    databasePages = frame.databasePages
    if (head.commits[commit++]?.frame !== index + 1) throw new DamagedSegment('its commits are not those of its frames')
  }
  if (commit !== head.commits.length) throw new DamagedSegment('its commits are not those of its frames')
  return { sums, databasePages }
}

function endSegment(state: SegmentState, start: Buffer, rest: Buffer, hash: Hash): SegmentEnd {
  const bytes = Buffer.concat([start, rest])
  const end = decodeEnd(bytes)
  hash.update(bytes.subarray(0, TRAILER_BYTES - HASH_BYTES))
  if (end === null || hash.digest('hex') !== end.hash) throw new DamagedSegment('its checksum is another one')
  const { header, position, nextCommit, frames } = state
  const right =
    end.number === header.number &&
    end.lastCommit === nextCommit - 1 &&
    end.firstCommit === header.firstCommit &&
    end.frames === frames &&
    end.position.salts === position.salts &&
    end.position.frame === position.frame
  if (!right) throw new DamagedSegment('its end is that of another one')
  return end
}

function take(bytes: Buffer | undefined, hash: Hash): Buffer {
  const given = taken(bytes)
  hash.update(given)
  return given
}

function taken(bytes: Buffer | undefined): Buffer {
  if (bytes === undefined) throw new DamagedSegment('it ends too early')
  return bytes
}

/** Chunks of any sizes, given out in the sizes that are asked for. */
class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)
  #large = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Exactly so many; `undefined` when there are fewer. */
  async take(count: number): Promise<Buffer | undefined> {
    const wanted = count <= SMALL_BYTES ? Buffer.allocUnsafeSlow(count) : this.#room(count)
    for (let filled = 0; filled < count; ) {
      if (!(await this.#fill())) return undefined
      const part = this.#rest.subarray(0, count - filled)
      wanted.set(part, filled)
      this.#rest = this.#rest.subarray(part.length)
      filled += part.length
    }
    return wanted
  }

  /** Used again: many large buffers are more work for the garbage collector than all the rest. */
  #room(count: number): Buffer {
    if (this.#large.length < count) this.#large = Buffer.allocUnsafeSlow(Math.max(count, LARGE_BYTES))
    return this.#large.subarray(0, count)
  }

  /** What is not read to its end keeps a file open until it is told. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async ended(): Promise<boolean> {
    return !(await this.#fill())
  }

  /** Whether there is another byte. */
  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next()
      if (next.done === true) return false
      this.#rest = next.value
    }
    return true
  }
}
