/**
 * Durations by how long they were: eight buckets for each doubling, from an eighth of a microsecond to four minutes. A
 * quantile is right to a sixteenth. `perf_hooks` has finer ones, of which one for each of hundreds of statements would take
 * a hundred megabytes, and which cost six times as much to add to.
 */
import type { DurationHistogram, Latency } from './types.ts'

/** Buckets count eighths of a microsecond. */
const TICKS_PER_MS = 8_000
/** Some four minutes: what takes longer counts as that, but for the largest, which is kept exactly. */
const MAX_TICKS = 2 ** 31 - 1
const BUCKETS = 232
/** Bounds of the buckets that monitoring systems are told: a factor of four each, from 8 µs to 33 s, all of them ours. */
export const EXPORTED_BOUNDS_MS: readonly number[] = Array.from({ length: 12 }, (_, n) => (64 * 4 ** n) / TICKS_PER_MS)

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS)
  #count = 0
  #sumMs = 0
  #maxMs = 0

  record(ms: number): void {
    const bucket = bucketOf(ms)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#count++
    this.#sumMs += ms
    if (ms > this.#maxMs) this.#maxMs = ms
  }

  get count(): number {
    return this.#count
  }

  get sumMs(): number {
    return this.#sumMs
  }

  /** Takes in what another one has. */
  add(other: Histogram): void {
    for (const [bucket, count] of other.#counts.entries()) {
      if (count > 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count
    }
    this.#count += other.#count
    this.#sumMs += other.#sumMs
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs)
  }

  clear(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#sumMs = 0
    this.#maxMs = 0
  }

  latency(): Latency {
    if (this.#count === 0) return { p50: null, p95: null, p99: null, max: null }
    const [p50 = 0, p95 = 0, p99 = 0] = this.#quantiles([0.5, 0.95, 0.99])
    return { p50, p95, p99, max: this.#maxMs }
  }

  /** How many took at most so long, for each of {@link EXPORTED_BOUNDS_MS}. */
  exported(): DurationHistogram {
    const buckets = EXPORTED_BOUNDS_MS.map((boundMs) => {
      const count = this.#counts.subarray(0, bucketOf(boundMs)).reduce((sum, each) => sum + each, 0)
      return { boundMs, count }
    })
    return { buckets, count: this.#count, sumMs: this.#sumMs }
  }

  /** Of shares in ascending order. */
  #quantiles(shares: readonly number[]): number[] {
    const found: number[] = []
    let seen = 0
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count
      while (found.length < shares.length && seen >= (shares[found.length] ?? 1) * this.#count) {
        found.push(Math.min(middleMs(bucket), this.#maxMs))
      }
    }
    return found
  }
}

function bucketOf(ms: number): number {
  const ticks = ms <= 0 ? 0 : Math.min(ms * TICKS_PER_MS, MAX_TICKS) | 0
  if (ticks < 8) return ticks
  const octave = 31 - Math.clz32(ticks)
  return (octave - 2) * 8 + ((ticks >>> (octave - 3)) & 7)
}

function middleMs(bucket: number): number {
  return (startOf(bucket) + startOf(bucket + 1)) / 2 / TICKS_PER_MS
}

/** In ticks. */
function startOf(bucket: number): number {
  return bucket < 8 ? bucket : (8 + (bucket & 7)) * 2 ** ((bucket >> 3) - 1)
}
