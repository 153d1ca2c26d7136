/**
 * The write-ahead log as bytes: its header, its frames and the checksums that chain them. Pure; nothing is opened here.
 * https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
import { endianness } from 'node:os'

export const WAL_HEADER_BYTES = 32
export const FRAME_HEADER_BYTES = 24
/** The last bit says in which byte order checksums are computed: 1 for big-endian. */
const MAGIC = 0x377f0682
const FORMAT_VERSION = 3_007_000
/** What the checksum of a header covers; of a frame's header only its first 8 bytes are covered. */
const HEADER_SUMMED_BYTES = 24
const FRAME_SUMMED_BYTES = 8
const MIN_PAGE_BYTES = 512
const MAX_PAGE_BYTES = 65_536

const NATIVE_IS_BIG = endianness() === 'BE'

/** The two running sums, unsigned. Each frame goes on from those of the frame before it. */
export interface WalSums {
  readonly first: number
  readonly second: number
}

const ZERO: WalSums = { first: 0, second: 0 }

export interface WalHeader {
  readonly bigEndian: boolean
  readonly pageBytes: number
  /** Both salts as they stand there, 8 bytes in hex. A log that starts again has others. */
  readonly salts: string
  readonly sums: WalSums
}

export interface WalFrame {
  readonly page: number
  /** Pages of the database after the transaction that ends with this frame; 0: it does not end here. */
  readonly databasePages: number
}

/** @returns `null` when these are no bytes of a log's header, or damaged ones. */
export function parseWalHeader(bytes: Uint8Array): WalHeader | null {
  if (bytes.length < WAL_HEADER_BYTES) return null
  const view = viewOf(bytes)
  const magic = view.getUint32(0)
  const pageBytes = view.getUint32(8)
  if ((magic & ~1) >>> 0 !== MAGIC || view.getUint32(4) !== FORMAT_VERSION || !isPageSize(pageBytes)) return null
  const bigEndian = (magic & 1) === 1
  const sums = sumUp(bytes, { start: 0, end: HEADER_SUMMED_BYTES, bigEndian }, ZERO)
  if (view.getUint32(24) !== sums.first || view.getUint32(28) !== sums.second) return null
  return { bigEndian, pageBytes, salts: Buffer.from(bytes.subarray(16, 24)).toString('hex'), sums }
}

/** The bytes of a header, in this machine's byte order, and what {@link parseWalHeader} makes of them. */
export function createWalHeader(pageBytes: number, salts: string): { bytes: Buffer; header: WalHeader } {
  const bytes = Buffer.alloc(WAL_HEADER_BYTES)
  bytes.writeUInt32BE(NATIVE_IS_BIG ? MAGIC + 1 : MAGIC, 0)
  bytes.writeUInt32BE(FORMAT_VERSION, 4)
  bytes.writeUInt32BE(pageBytes, 8)
  bytes.write(salts, 16, 'hex')
  const sums = sumUp(bytes, { start: 0, end: HEADER_SUMMED_BYTES, bigEndian: NATIVE_IS_BIG }, ZERO)
  bytes.writeUInt32BE(sums.first, 24)
  bytes.writeUInt32BE(sums.second, 28)
  return { bytes, header: { bigEndian: NATIVE_IS_BIG, pageBytes, salts, sums } }
}

export const frameBytesOf = ({ pageBytes }: Pick<WalHeader, 'pageBytes'>): number => FRAME_HEADER_BYTES + pageBytes

/**
 * The frame at `offset`, when it is one of this log and follows a frame with the sums `before`.
 *
 * @returns the frame and the sums after it; `null` when anything of it is another than it was written.
 */
export function readFrame(
  bytes: Uint8Array,
  offset: number,
  header: WalHeader,
  before: WalSums,
): (WalFrame & { readonly sums: WalSums }) | null {
  const end = offset + frameBytesOf(header)
  if (end > bytes.length) return null
  const view = viewOf(bytes)
  if (saltsAt(view, offset + 8) !== header.salts) return null
  const sums = sumFrame(bytes, offset, header, before)
  if (view.getUint32(offset + 16) !== sums.first || view.getUint32(offset + 20) !== sums.second) return null
  return { page: view.getUint32(offset), databasePages: view.getUint32(offset + 4), sums }
}

/** Makes the frame at `offset` one of another log, in place: its salts and its checksums. */
export function adoptFrame(bytes: Buffer, offset: number, header: WalHeader, before: WalSums): WalSums {
  bytes.write(header.salts, offset + 8, 'hex')
  const sums = sumFrame(bytes, offset, header, before)
  bytes.writeUInt32BE(sums.first, offset + 16)
  bytes.writeUInt32BE(sums.second, offset + 20)
  return sums
}

/** The sums that the frame at `offset` says to have reached, unchecked. */
export function sumsAt(bytes: Uint8Array, offset: number): WalSums {
  const view = viewOf(bytes)
  return { first: view.getUint32(offset + 16), second: view.getUint32(offset + 20) }
}

export function sameSums(a: WalSums, b: WalSums): boolean {
  return a.first === b.first && a.second === b.second
}

function sumFrame(bytes: Uint8Array, offset: number, header: WalHeader, before: WalSums): WalSums {
  const { bigEndian } = header
  const start = offset + FRAME_HEADER_BYTES
  const headed = sumUp(bytes, { start: offset, end: offset + FRAME_SUMMED_BYTES, bigEndian }, before)
  return sumUp(bytes, { start, end: start + header.pageBytes, bigEndian }, headed)
}

interface Span {
  readonly start: number
  readonly end: number
  readonly bigEndian: boolean
}

/** Over pairs of 32-bit words, each sum with the other added: https://sqlite.org/fileformat2.html#checksum_algorithm */
function sumUp(bytes: Uint8Array, { start, end, bigEndian }: Span, { first, second }: WalSums): WalSums {
  let one = first | 0
  let two = second | 0
  const at = bytes.byteOffset + start
  if (at % 4 === 0 && bigEndian === NATIVE_IS_BIG) {
    const words = new Int32Array(bytes.buffer, at, (end - start) / 4)
    const { length } = words
    for (let index = 0; index < length; index += 2) {
      one = (one + (words[index] as number) + two) | 0
      two = (two + (words[index + 1] as number) + one) | 0
    }
  } else {
    const view = viewOf(bytes)
    for (let index = start; index < end; index += 8) {
      one = (one + view.getInt32(index, !bigEndian) + two) | 0
      two = (two + view.getInt32(index + 4, !bigEndian) + one) | 0
    }
  }
  return { first: one >>> 0, second: two >>> 0 }
}

function saltsAt(view: DataView, offset: number): string {
  return hex(view.getUint32(offset)) + hex(view.getUint32(offset + 4))
}

const hex = (word: number): string => word.toString(16).padStart(8, '0')

function isPageSize(bytes: number): boolean {
  return bytes >= MIN_PAGE_BYTES && bytes <= MAX_PAGE_BYTES && (bytes & (bytes - 1)) === 0
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
