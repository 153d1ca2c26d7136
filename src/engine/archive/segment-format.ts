/**
 * A segment: committed frames of the log, as they are, in the order they were written. Bytes, big-endian:
 *
 *     header   120   'NOORMSEG' · version 4 · page size 4 · stream 32 · number 8 · first commit 8 · SHA-256 of the segment before 32 · position
 *     blocks         'BLCK' · frames 4 · first frame 4 · commits 4 · CRC-32 4 · 0 4 · sums before 8 · the log's header 32
 *                    · for each commit: its frame's place in the block, from 1, 4 · 0 4 · time 8 · the frames
 *     trailer  120   'NOORMEND' · last commit 8 · first time 8 · last time 8 · position · frames 4 · pages of the database 4
 *                    · first commit 8 · number 8 · 0 8 · SHA-256 of everything before 32
 *     position  24   salts 8 (zeros: the next log) · frame 4 · sums 8 · 0 4
 *
 * Every byte is covered by the SHA-256 at the end; frames, which a file that is still being written consists of, by the log's own
 * checksums as well, and the head of a block by its CRC. Times are milliseconds since 1970 as 64-bit floats.
 */
import { crc32 } from 'node:zlib'
import { WAL_HEADER_BYTES } from '../../sqlite/wal-format.ts'
import type { LogPlace } from '../thread/log-place.ts'

export const SEGMENT_HEADER_BYTES = 120
export const BLOCK_HEAD_BYTES = 64
export const COMMIT_ENTRY_BYTES = 16
export const TRAILER_BYTES = 120
export const HASH_BYTES = 32
export const SEGMENT_VERSION = 1
/** The most frames, in bytes, that a block has: what is held in memory at once. */
export const MAX_BLOCK_BYTES = 4 * 2 ** 20
/** What the segment before the first one is said to hash to. */
export const NO_SEGMENT = '0'.repeat(2 * HASH_BYTES)

const MAGIC = { header: 'NOORMSEG', block: 'BLCK', trailer: 'NOORMEND' }
const STREAM_BYTES = 32

/** What a segment begins with. */
export interface SegmentHeader {
  readonly pageBytes: number
  readonly stream: string
  /** From 1. */
  readonly number: number
  /** Number of the first commit that ends in it. */
  readonly firstCommit: number
  /** SHA-256 of the segment before, in hex. */
  readonly previousHash: string
  /** Where in the log it begins. */
  readonly position: LogPlace
}

/** A commit's end. */
export interface CommitMark {
  /** Place of its last frame in the block, from 1. */
  readonly frame: number
  /** When it was seen first (ms since 1970). */
  readonly timeMs: number
}

export interface BlockHead {
  readonly frames: number
  /** Number of its first frame in the log, from 1. */
  readonly firstFrame: number
  readonly sumsBefore: LogPlace['sums']
  /** The 32 bytes at the beginning of that log. */
  readonly walHeader: Buffer
  readonly commits: readonly CommitMark[]
}

/** What a segment ends with. */
export interface SegmentEnd {
  readonly number: number
  readonly firstCommit: number
  readonly lastCommit: number
  readonly firstTimeMs: number
  readonly lastTimeMs: number
  /** Where in the log it ends. */
  readonly position: LogPlace
  readonly frames: number
  /** Pages of the database after its last commit. */
  readonly databasePages: number
  /** SHA-256 of the whole segment, in hex. */
  readonly hash: string
}

export function encodeHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES)
  bytes.write(MAGIC.header, 0, 'latin1')
  bytes.writeUInt32BE(SEGMENT_VERSION, 8)
  bytes.writeUInt32BE(header.pageBytes, 12)
  bytes.write(header.stream, 16, STREAM_BYTES, 'latin1')
  bytes.writeBigUInt64BE(BigInt(header.number), 48)
  bytes.writeBigUInt64BE(BigInt(header.firstCommit), 56)
  bytes.write(header.previousHash, 64, 'hex')
  writePosition(bytes, 96, header.position)
  return bytes
}

/** @returns `null` for anything else than what {@link encodeHeader} writes. */
export function decodeHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < SEGMENT_HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC.header) return null
  if (bytes.readUInt32BE(8) !== SEGMENT_VERSION) return null
  return {
    pageBytes: bytes.readUInt32BE(12),
    stream: bytes.toString('latin1', 16, 16 + STREAM_BYTES).replace(/\0+$/, ''),
    number: Number(bytes.readBigUInt64BE(48)),
    firstCommit: Number(bytes.readBigUInt64BE(56)),
    previousHash: bytes.toString('hex', 64, 96),
    position: readPosition(bytes, 96),
  }
}

/** Head and table of commits; the frames follow. */
export function encodeBlockHead(head: BlockHead): Buffer {
  const bytes = Buffer.alloc(BLOCK_HEAD_BYTES + head.commits.length * COMMIT_ENTRY_BYTES)
  bytes.write(MAGIC.block, 0, 'latin1')
  bytes.writeUInt32BE(head.frames, 4)
  bytes.writeUInt32BE(head.firstFrame, 8)
  bytes.writeUInt32BE(head.commits.length, 12)
  bytes.writeUInt32BE(head.sumsBefore.first, 24)
  bytes.writeUInt32BE(head.sumsBefore.second, 28)
  head.walHeader.copy(bytes, 32, 0, WAL_HEADER_BYTES)
  for (const [index, { frame, timeMs }] of head.commits.entries()) {
    const at = BLOCK_HEAD_BYTES + index * COMMIT_ENTRY_BYTES
    bytes.writeUInt32BE(frame, at)
    bytes.writeDoubleBE(timeMs, at + 8)
  }
  // The field itself is zero while it is computed.
  bytes.writeUInt32BE(crc32(bytes), 16)
  return bytes
}

/** How many commits a block has; `null` when these bytes begin none. */
export function commitsInBlock(bytes: Buffer): number | null {
  return bytes.toString('latin1', 0, 4) === MAGIC.block ? bytes.readUInt32BE(12) : null
}

/** @param bytes Head and table. @returns `null` when they are not as they were written. */
export function decodeBlockHead(bytes: Buffer): BlockHead | null {
  const copy = Buffer.from(bytes)
  copy.writeUInt32BE(0, 16)
  if (crc32(copy) !== bytes.readUInt32BE(16)) return null
  const commits: CommitMark[] = []
  for (let at = BLOCK_HEAD_BYTES; at < bytes.length; at += COMMIT_ENTRY_BYTES)
    commits.push({ frame: bytes.readUInt32BE(at), timeMs: bytes.readDoubleBE(at + 8) })
  return {
    frames: bytes.readUInt32BE(4),
    firstFrame: bytes.readUInt32BE(8),
    sumsBefore: { first: bytes.readUInt32BE(24), second: bytes.readUInt32BE(28) },
    walHeader: copy.subarray(32, 32 + WAL_HEADER_BYTES),
    commits,
  }
}

/** The trailer without its hash, which covers these bytes too. */
export function encodeEnd(end: Omit<SegmentEnd, 'hash'>): Buffer {
  const bytes = Buffer.alloc(TRAILER_BYTES - HASH_BYTES)
  bytes.write(MAGIC.trailer, 0, 'latin1')
  bytes.writeBigUInt64BE(BigInt(end.lastCommit), 8)
  bytes.writeDoubleBE(end.firstTimeMs, 16)
  bytes.writeDoubleBE(end.lastTimeMs, 24)
  writePosition(bytes, 32, end.position)
  bytes.writeUInt32BE(end.frames, 56)
  bytes.writeUInt32BE(end.databasePages, 60)
  bytes.writeBigUInt64BE(BigInt(end.firstCommit), 64)
  bytes.writeBigUInt64BE(BigInt(end.number), 72)
  return bytes
}

/** @returns `null` when these are no bytes of a trailer. Whether its hash is right is not asked. */
export function decodeEnd(bytes: Buffer): SegmentEnd | null {
  if (bytes.length !== TRAILER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC.trailer) return null
  return {
    number: Number(bytes.readBigUInt64BE(72)),
    firstCommit: Number(bytes.readBigUInt64BE(64)),
    lastCommit: Number(bytes.readBigUInt64BE(8)),
    firstTimeMs: bytes.readDoubleBE(16),
    lastTimeMs: bytes.readDoubleBE(24),
    position: readPosition(bytes, 32),
    frames: bytes.readUInt32BE(56),
    databasePages: bytes.readUInt32BE(60),
    hash: bytes.toString('hex', TRAILER_BYTES - HASH_BYTES),
  }
}

/** The name of a segment in its stream's folder. */
export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.segment`
}

/** The number in such a name; `null` for other names. */
export function segmentNumber(name: string): number | null {
  const digits = /^(\d{8,})\.segment$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}

function writePosition(bytes: Buffer, at: number, { salts, frame, sums }: LogPlace): void {
  if (salts !== null) bytes.write(salts, at, 'hex')
  bytes.writeUInt32BE(frame, at + 8)
  bytes.writeUInt32BE(sums.first, at + 12)
  bytes.writeUInt32BE(sums.second, at + 16)
}

function readPosition(bytes: Buffer, at: number): LogPlace {
  const salts = bytes.toString('hex', at, at + 8)
  return {
    salts: /^0+$/.test(salts) ? null : salts,
    frame: bytes.readUInt32BE(at + 8),
    sums: { first: bytes.readUInt32BE(at + 12), second: bytes.readUInt32BE(at + 16) },
  }
}
