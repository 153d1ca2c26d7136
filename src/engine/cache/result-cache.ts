/** Results by key, the most recently used ones: bounded by number and by bytes together. Knows nothing of when they hold. */
import type { KeptRows } from './kept-rows.ts'

/** The largest result that is kept, as a share of all: one must not drive out all others. */
const LARGEST_SHARE = 1 / 16
/** Bytes: some 20,000 rows of seven columns, whose copy holds the event loop for half a millisecond. */
const LARGEST_BYTES = 4 * 2 ** 20

export interface CacheBounds {
  readonly maxEntries: number
  readonly maxBytes: number
}

export class ResultCache {
  readonly #bounds: CacheBounds
  /** In order of use, the latest last. */
  readonly #results = new Map<string, KeptRows>()
  #bytes = 0
  #evictions = 0

  constructor(bounds: CacheBounds) {
    this.#bounds = bounds
  }

  get entries(): number {
    return this.#results.size
  }

  /** About what all of them take, keys included. */
  get bytes(): number {
    return this.#bytes
  }

  /** Results that made room for others. */
  get evictions(): number {
    return this.#evictions
  }

  get maxResultBytes(): number {
    return Math.min(this.#bounds.maxBytes * LARGEST_SHARE, LARGEST_BYTES)
  }

  get(key: string): KeptRows | undefined {
    const result = this.#results.get(key)
    if (result === undefined) return undefined
    this.#results.delete(key)
    this.#results.set(key, result)
    return result
  }

  set(key: string, result: KeptRows): void {
    this.#remove(key)
    this.#results.set(key, result)
    this.#bytes += weight(key, result)
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= this.#bounds.maxEntries && this.#bytes <= this.#bounds.maxBytes) return
      this.#remove(oldest)
      this.#evictions++
    }
  }

  clear(): void {
    this.#results.clear()
    this.#bytes = 0
  }

  #remove(key: string): void {
    const result = this.#results.get(key)
    if (result === undefined) return
    this.#results.delete(key)
    this.#bytes -= weight(key, result)
  }
}

function weight(key: string, result: KeptRows): number {
  return 2 * key.length + result.bytes
}
