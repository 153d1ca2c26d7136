/** Reads the log of `watched-disk.c`: every change of every watched file, in order. */
import { readFileSync } from 'node:fs'

export type DiskOperation =
  | { readonly kind: 'write'; readonly file: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: number; readonly length: number }
  | { readonly kind: 'sync' | 'sync failed'; readonly file: number }
  | { readonly kind: 'link' | 'unlink'; readonly file: number; readonly name: string }
  /** In one step; what had the name `name` is gone. */
  | { readonly kind: 'rename'; readonly file: number; readonly from: string; readonly name: string }
  /** Of the folder of that name within the watched one, which is empty for that itself. */
  | { readonly kind: 'sync folder' | 'make folder' | 'remove folder'; readonly name: string }
  | { readonly kind: 'ack'; readonly text: string }

const HEADER_BYTES = 20

export function readDiskLog(path: string): readonly DiskOperation[] {
  const log = readFileSync(path)
  const operations: DiskOperation[] = []
  for (let at = 0; at < log.length; ) {
    const file = log.readUInt32LE(at + 4)
    const offset = Number(log.readBigUInt64LE(at + 8))
    const end = at + HEADER_BYTES + log.readUInt32LE(at + 16)
    const bytes = log.subarray(at + HEADER_BYTES, end)
    operations.push(operationOf(log.readUInt32LE(at), { file, offset, bytes }))
    at = end
  }
  return operations
}

function operationOf(
  code: number,
  { file, offset, bytes }: { readonly file: number; readonly offset: number; readonly bytes: Buffer },
): DiskOperation {
  switch (code) {
    case 1:
      return { kind: 'write', file, offset, bytes }
    case 2:
      return { kind: 'truncate', file, length: offset }
    case 3:
      return { kind: 'sync', file }
    case 4:
      return { kind: 'link', file, name: bytes.toString() }
    case 5:
      return { kind: 'unlink', file, name: bytes.toString() }
    case 6:
      return { kind: 'sync folder', name: bytes.toString() }
    case 7:
      return { kind: 'ack', text: bytes.toString() }
    case 8:
      return { kind: 'sync failed', file }
    case 9:
      return { kind: 'make folder', name: bytes.toString() }
    case 10:
      return { kind: 'remove folder', name: bytes.toString() }
    case 11: {
      const [from = '', name = ''] = bytes.toString().split('\0')
      return { kind: 'rename', file, from, name }
    }
    default:
      throw new Error(`no operation has the code ${code}`)
  }
}
