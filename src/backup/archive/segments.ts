/** The segments of a stream as the store has them: which there are, and where in them a commit or a time is. */
import { DamagedSegment, readSegment, type SegmentBlock } from '../../engine/archive/read-segment.ts'
import {
  decodeEnd,
  type SegmentEnd,
  segmentName,
  segmentNumber,
  TRAILER_BYTES,
} from '../../engine/archive/segment-format.ts'
import { BackupDamagedError } from '../../errors.ts'
import type { BackupStore, StoredObject } from '../store/types.ts'
import { wholeObject } from '../store/whole-object.ts'

const ARCHIVE = 'archive/'

export interface StoredSegment extends StoredObject {
  readonly stream: string
  readonly number: number
}

export function segmentKey(stream: string, number: number): string {
  return `${ARCHIVE}${stream}/${segmentName(number)}`
}

/** All segments, or those of one stream, in order of streams and numbers. */
export async function listSegments(
  store: BackupStore,
  stream?: string,
  options?: { readonly signal?: AbortSignal | undefined },
): Promise<StoredSegment[]> {
  const found: StoredSegment[] = []
  for await (const { key, bytes } of store.list(stream === undefined ? ARCHIVE : `${ARCHIVE}${stream}/`, options)) {
    const [, folder, name = ''] = key.split('/')
    const number = segmentNumber(name)
    if (folder !== undefined && number !== null && bytes > 0) found.push({ key, bytes, stream: folder, number })
  }
  return found.sort((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.number - b.number))
}

/** What a segment says of itself at its end. Whether the rest of it is good is not asked. */
export async function readEnd(
  store: BackupStore,
  { key, bytes, number }: StoredSegment,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SegmentEnd> {
  // Compressed, it is as long as nobody knows before it has been read: mostly longer than it says, so its end is behind there
  // as well; what is shorter is read from its beginning.
  for (const offset of [Math.max(0, bytes - TRAILER_BYTES), 0]) {
    const end = decodeEnd(await lastBytes(store.get(key, { ...options, offset })))
    if (end?.number === number) return end
  }
  throw new BackupDamagedError({ store: store.description, name: key, reason: 'it does not end as a segment' })
}

async function lastBytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  let tail: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks)
    tail = Buffer.concat([tail, chunk.subarray(-TRAILER_BYTES)]).subarray(-TRAILER_BYTES)
  return tail
}

/**
 * The blocks of a segment, each of them checked.
 *
 * @throws BackupDamagedError at the first thing that is not as it was written.
 */
export async function* readStored(
  store: BackupStore,
  key: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<SegmentBlock, SegmentEnd> {
  try {
    return yield* readSegment(wholeObject(store, key, options))
  } catch (cause) {
    throw cause instanceof DamagedSegment ? damagedSegment(store, key, cause) : cause
  }
}

export function damagedSegment(store: BackupStore, key: string, cause: DamagedSegment): BackupDamagedError {
  return new BackupDamagedError({ store: store.description, name: key, reason: cause.message }, { cause })
}

/** The first of `segments` of one stream whose end fulfils `reached`, which all behind it do as well; −1: none does. */
export async function firstReaching(
  store: BackupStore,
  segments: readonly StoredSegment[],
  reached: (end: SegmentEnd) => boolean,
): Promise<number> {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const segment = segments[middle] as StoredSegment
    if (reached(await readEnd(store, segment))) high = middle
    else low = middle + 1
  }
  return low < segments.length ? low : -1
}

/** For what can be done without what is damaged. */
export function ignoreDamage(error: unknown): null {
  if (error instanceof BackupDamagedError) return null
  throw error
}
