/** The segments of a stream as the store has them: which there are, and where in them a commit or a time is. */
import {
  decodeEnd,
  type SegmentEnd,
  segmentName,
  segmentNumber,
  TRAILER_BYTES,
} from '../../engine/archive/segment-format.ts'
import { BackupDamagedError } from '../../errors.ts'
import type { BackupStore, StoredObject } from '../store/types.ts'

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
  const parts: Uint8Array[] = []
  const offset = Math.max(0, bytes - TRAILER_BYTES)
  for await (const part of store.get(key, { ...options, offset, length: TRAILER_BYTES })) parts.push(part)
  const end = decodeEnd(Buffer.concat(parts))
  if (end?.number === number) return end
  // Compressed, it is as long as nobody knows before it has been read.
  let tail = Buffer.alloc(0)
  for await (const part of store.get(key, options)) tail = Buffer.concat([tail, part]).subarray(-TRAILER_BYTES)
  const last = decodeEnd(Buffer.from(tail))
  if (last?.number === number) return last
  throw new BackupDamagedError({ store: store.description, name: key, reason: 'it does not end as a segment' })
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
