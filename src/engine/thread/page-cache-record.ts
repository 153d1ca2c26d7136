/** What a connection's page cache did, as far as it has told: the last counts, and what came in the last minute. */
import type { PageCacheCounters } from '../../sqlite/native-types.ts'
import type { PageCacheStats } from '../types.ts'

/** How often a connection that works tells its counts (ms). Telling takes a few microseconds. */
export const PAGE_CACHE_SAMPLE_MS = 1000
/** What the hit ratio looks back on (ms). */
const WINDOW_MS = 60_000

interface Sample {
  readonly at: number
  readonly counters: PageCacheCounters
}

export class PageCacheRecord {
  /** The oldest is the state at the beginning of the window. */
  readonly #samples: Sample[] = []

  add(counters: PageCacheCounters, now: number): void {
    const before = this.#samples.at(-2)
    // Whoever asks often makes no more samples than the minute has seconds.
    if (before !== undefined && this.lastAt - before.at < PAGE_CACHE_SAMPLE_MS) this.#samples.pop()
    this.#samples.push({ at: now, counters })
    this.#forget(now)
  }

  /** When the counts were told last; before all time when never. */
  get lastAt(): number {
    return this.#samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY
  }

  /** `null` before anything was told. */
  stats(now: number): PageCacheStats | null {
    this.#forget(now)
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined) return null
    const lastMinute = {
      hits: last.counters.hits - first.counters.hits,
      misses: last.counters.misses - first.counters.misses,
    }
    return { ...last.counters, lastMinute, ageMs: now - last.at }
  }

  /** Drops what lies before the window, but for the last sample there, from which the window counts. */
  #forget(now: number): void {
    while ((this.#samples[1]?.at ?? now) < now - WINDOW_MS) this.#samples.shift()
  }
}

/** Hits among all looks into the caches of these connections in the last minute; `null` when none is known. */
export function pageCacheHitRatio(
  connections: readonly { readonly pageCache: PageCacheStats | null }[],
): number | null {
  let hits = 0
  let looks = 0
  for (const { pageCache } of connections) {
    hits += pageCache?.lastMinute.hits ?? 0
    looks += (pageCache?.lastMinute.hits ?? 0) + (pageCache?.lastMinute.misses ?? 0)
  }
  return looks === 0 ? null : hits / looks
}
