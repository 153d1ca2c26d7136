/**
 * What a disk may hold after the power failed. Durable is what an fsync of the same file, or of the folder for names,
 * has confirmed. Of all else each operation may have reached the disk, or not, or in part: a write in any of its sectors.
 * What stood before an fsync that *failed* is never durable, whatever later ones say: the kernel has marked those pages
 * clean and forgotten them (https://www.usenix.org/conference/atc20/presentation/rebello).
 */
import { posix } from 'node:path'
import type { DiskOperation } from './disk-log.ts'

/** The smallest piece that a disk writes whole. */
const SECTOR_BYTES = 512

export type Fate = 'keep' | 'drop' | 'tear'

export interface PowerCut {
  /** Operations before the cut. */
  readonly at: number
  /** What becomes of each that is not durable. */
  readonly fate: () => Fate
  /** Whether a sector of a torn write has reached the disk. */
  readonly sector: () => boolean
}

/** The files of the folder after the cut, by name. */
export function filesAfter(operations: readonly DiskOperation[], cut: PowerCut): Map<string, Buffer> {
  const durable = new Set([...durableBefore(operations, cut.at).values()].flat())
  const names = new Map<string, number>()
  const contents = new Map<number, Contents>()
  const folders = new Set<string>()
  for (let index = 0; index < cut.at; index++) {
    const operation = operations[index] as DiskOperation
    if (!changesFiles(operation)) continue
    const fate = durable.has(index) ? 'keep' : cut.fate()
    if (fate === 'drop') continue
    if (operation.kind === 'make folder') folders.add(operation.name)
    else if (operation.kind === 'remove folder') folders.delete(operation.name)
    else apply(operation, fate, cut.sector, names, contents)
  }
  const isThere = (name: string): boolean =>
    posix.dirname(name) === '.' || (folders.has(posix.dirname(name)) && isThere(posix.dirname(name)))
  return new Map(
    [...names]
      .filter(([name]) => isThere(name))
      .map(([name, file]) => [name, contents.get(file)?.bytes() ?? Buffer.alloc(0)]),
  )
}

export interface StateAfterCall {
  /** Operations before the cut. */
  readonly at: number
  /** Files by name; `null`: the same as in the state before. */
  readonly files: ReadonlyMap<string, Buffer> | null
}

/**
 * The states after every single call when all that is not durable has one fate: what `filesAfter` gives for each, told
 * in one go. The buffers hold until the next state is asked for.
 */
export function* statesAfterEveryCall(
  operations: readonly DiskOperation[],
  fate: 'keep' | 'drop',
): Generator<StateAfterCall, void> {
  const names = new Map<string, number>()
  const contents = new Map<number, Contents>()
  const files = () => new Map([...names].map(([name, file]) => [name, contents.get(file)?.bytes() ?? Buffer.alloc(0)]))
  const durable = durableBefore(operations, operations.length)
  yield { at: 0, files: files() }
  for (const index of operations.keys()) {
    const reached = fate === 'keep' ? [index] : (durable.get(index) ?? [])
    const changes = reached.map((each) => operations[each] as DiskOperation).filter((each) => changesFiles(each))
    for (const each of changes) apply(each, 'keep', () => true, names, contents)
    yield { at: index + 1, files: changes.length > 0 ? files() : null }
  }
}

function changesFiles({ kind }: DiskOperation): boolean {
  return ['write', 'truncate', 'link', 'unlink', 'rename', 'make folder', 'remove folder'].includes(kind)
}

function changesNames(operation: DiskOperation): operation is Extract<DiskOperation, { readonly name: string }> {
  return 'name' in operation && operation.kind !== 'sync folder'
}

const folderOf = (name: string): string => (posix.dirname(name) === '.' ? '' : posix.dirname(name))

/** What the program was told before the cut. */
export function acksBefore(operations: readonly DiskOperation[], at: number): string[] {
  return operations.slice(0, at).flatMap((operation) => (operation.kind === 'ack' ? [operation.text.trim()] : []))
}

/** By the index of each fsync that succeeded: the operations that it made durable. */
function durableBefore(operations: readonly DiskOperation[], at: number): Map<number, number[]> {
  const durable = new Map<number, number[]>()
  const waiting = new Map<number | string, number[]>()
  /** By the number of a file for its bytes, by the name of a folder for the names in it. */
  const queueOf = (key: number | string) => {
    const queue = waiting.get(key) ?? []
    waiting.set(key, queue)
    return queue
  }
  for (let index = 0; index < at; index++) {
    const operation = operations[index] as DiskOperation
    if (operation.kind === 'write' || operation.kind === 'truncate') queueOf(operation.file).push(index)
    // Of a rename between folders: with the one it comes into.
    if (changesNames(operation)) queueOf(folderOf(operation.name)).push(index)
    if (operation.kind === 'sync') durable.set(index, queueOf(operation.file).splice(0))
    if (operation.kind === 'sync folder') durable.set(index, queueOf(operation.name).splice(0))
    if (operation.kind === 'sync failed') queueOf(operation.file).length = 0
  }
  return durable
}

function apply(
  operation: DiskOperation,
  fate: Fate,
  sector: () => boolean,
  names: Map<string, number>,
  contents: Map<number, Contents>,
): void {
  if (operation.kind === 'link') names.set(operation.name, operation.file)
  if (operation.kind === 'rename') {
    if (names.get(operation.from) === operation.file) names.delete(operation.from)
    names.set(operation.name, operation.file)
  }
  if (operation.kind === 'unlink' && names.get(operation.name) === operation.file) names.delete(operation.name)
  if (operation.kind !== 'write' && operation.kind !== 'truncate') return

  const file = contents.get(operation.file) ?? new Contents()
  contents.set(operation.file, file)
  if (operation.kind === 'truncate') file.truncate(operation.length)
  else if (fate === 'keep') file.write(operation.offset, operation.bytes)
  else tear(file, operation.offset, operation.bytes, sector)
}

function tear(file: Contents, offset: number, bytes: Buffer, sector: () => boolean): void {
  for (let start = offset; start < offset + bytes.length; ) {
    const end = Math.min((Math.floor(start / SECTOR_BYTES) + 1) * SECTOR_BYTES, offset + bytes.length)
    if (sector()) file.write(start, bytes.subarray(start - offset, end - offset))
    start = end
  }
}

/** A file that grows: holes read as zeros. */
class Contents {
  #buffer = Buffer.alloc(1 << 16)
  #length = 0

  write(offset: number, bytes: Buffer): void {
    this.#grow(offset + bytes.length)
    bytes.copy(this.#buffer, offset)
  }

  truncate(length: number): void {
    this.#grow(length)
    this.#buffer.fill(0, length, this.#length)
    this.#length = length
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #grow(length: number): void {
    if (length > this.#buffer.length) {
      const larger = Buffer.alloc(2 ** Math.ceil(Math.log2(length)))
      this.#buffer.copy(larger, 0, 0, this.#length)
      this.#buffer = larger
    }
    this.#length = Math.max(this.#length, length)
  }
}
