import { expect, test } from 'vitest'
import { PageCacheRecord, pageCacheHitRatio } from './page-cache-record.ts'

const counters = (hits: number, misses: number) => ({ hits, misses, writes: 0, spills: 0, usedBytes: 4096 })

test('the last minute counts from the last sample before it', () => {
  const record = new PageCacheRecord()
  record.add(counters(0, 0), 0)
  record.add(counters(10, 10), 30_000)
  record.add(counters(100, 20), 70_000)

  expect(record.stats(80_000)).toMatchObject({ hits: 100, ageMs: 10_000, lastMinute: { hits: 100, misses: 20 } })
  expect(record.stats(95_000)).toMatchObject({ hits: 100, lastMinute: { hits: 90, misses: 10 } })
  expect(record.stats(200_000)).toMatchObject({ hits: 100, lastMinute: { hits: 0, misses: 0 } })
})

test('asking often keeps a bounded number of samples and loses none of the counts', () => {
  const record = new PageCacheRecord()
  for (let at = 0; at <= 600_000; at += 10) record.add(counters(at, 0), at)

  const { lastMinute, hits } = record.stats(600_000) ?? {}
  expect(hits).toBe(600_000)
  expect(lastMinute?.hits).toBeGreaterThanOrEqual(60_000)
  expect(lastMinute?.hits).toBeLessThan(63_000)
})

test('the ratio is of all connections together, and null where nothing was looked up', () => {
  const busy = new PageCacheRecord()
  busy.add(counters(0, 0), 0)
  busy.add(counters(90, 10), 1000)
  const idle = new PageCacheRecord()
  idle.add(counters(5, 5), 0)

  expect(
    pageCacheHitRatio([{ pageCache: busy.stats(1000) }, { pageCache: idle.stats(1000) }, { pageCache: null }]),
  ).toBe(0.9)
  expect(pageCacheHitRatio([{ pageCache: idle.stats(1000) }])).toBeNull()
  expect(pageCacheHitRatio([{ pageCache: new PageCacheRecord().stats(0) }])).toBeNull()
})
