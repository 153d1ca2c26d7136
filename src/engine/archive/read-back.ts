/** Reads a segment that was being written when its process ended, up to its last whole block. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { DamagedSegment, parseSegment, type SegmentBlock } from './read-segment.ts'

export interface ReadBack {
  readonly blocks: readonly Omit<SegmentBlock, 'frames'>[]
  /** Where the last of them ends in the file. */
  readonly bytes: number
  /** Over the bytes up to there. */
  readonly hash: Hash
}

/** @returns `null` when there is no such file, or no whole block in it. */
export function readBack(path: string): ReadBack | null {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null
  const file = openSync(path, 'r')
  try {
    return readBlocks(file)
  } finally {
    closeSync(file)
  }
}

function readBlocks(file: number): ReadBack | null {
  const hash = createHash('sha256')
  const parser = parseSegment(hash)
  const blocks: Omit<SegmentBlock, 'frames'>[] = []
  let offset = 0
  let good: { readonly bytes: number; readonly hash: Hash } | null = null
  try {
    // One that ends as it should was not renamed yet: it is finished again.
    for (let step = parser.next(); !step.done; ) {
      if (typeof step.value === 'number') {
        const bytes = Buffer.allocUnsafeSlow(step.value)
        const whole = readSync(file, bytes, 0, bytes.length, offset) === bytes.length
        offset += bytes.length
        step = parser.next(whole ? bytes : undefined)
      } else {
        const { frames: _, ...block } = step.value
        blocks.push(block)
        good = { bytes: offset, hash: hash.copy() }
        step = parser.next()
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedSegment)) throw error
  }
  return good === null ? null : { ...good, blocks }
}
