import { describe, expect, test } from 'vitest'
import type { Row } from '../types.ts'
import { KeptRows } from './kept-rows.ts'
import { ResultCache } from './result-cache.ts'

const rows = (bytes: number): KeptRows => KeptRows.of([{ text: 'x'.repeat(bytes / 2) }], 1e9) as KeptRows
const names = (cache: ResultCache, ...keys: string[]) => keys.filter((key) => cache.get(key) !== undefined)

describe('a result cache', () => {
  test('drops what was used longest ago when there are too many', () => {
    const cache = new ResultCache({ maxEntries: 2, maxBytes: 1e6 })
    cache.set('a', rows(10))
    cache.set('b', rows(10))
    cache.get('a')
    cache.set('c', rows(10))

    expect(names(cache, 'a', 'b', 'c')).toEqual(['a', 'c'])
    expect(cache).toMatchObject({ entries: 2, evictions: 1 })
  })

  test('drops what was used longest ago when they take too much', () => {
    const cache = new ResultCache({ maxEntries: 100, maxBytes: 10_000 })
    for (const key of ['a', 'b', 'c']) cache.set(key, rows(4000))

    expect(names(cache, 'a', 'b', 'c')).toEqual(['b', 'c'])
    expect(cache.bytes).toBeGreaterThan(8000)
    expect(cache.bytes).toBeLessThanOrEqual(10_000)
  })

  test('keeps no result that would take the place of most others, or hold the event loop', () => {
    expect(new ResultCache({ maxEntries: 1, maxBytes: 2 ** 20 }).maxResultBytes).toBe(2 ** 16)
    expect(new ResultCache({ maxEntries: 1, maxBytes: 2 ** 40 }).maxResultBytes).toBe(2 ** 22)
  })

  test('counts what takes the place of another once, and nothing when it is empty', () => {
    const cache = new ResultCache({ maxEntries: 100, maxBytes: 1e6 })
    cache.set('a', rows(4000))
    const { bytes } = cache
    cache.set('a', rows(4000))
    expect(cache).toMatchObject({ entries: 1, bytes, evictions: 0 })

    cache.clear()
    expect(cache).toMatchObject({ entries: 0, bytes: 0 })
  })
})

describe('kept rows', () => {
  test('are what was read, whatever a caller does with the rows it has', () => {
    const read: Row[] = [{ id: 1, name: 'Mira', big: 2n ** 60n, bytes: new Uint8Array([1, 2]), none: null }]
    const kept = KeptRows.of(read, 10_000)
    const expected = structuredClone(read)
    const spoil = (all: Row[]): void => {
      ;(all[0]?.bytes as Uint8Array)[0] = 9
      if (all[0] !== undefined) all[0].name = 'changed'
      all.push({ id: 2 })
    }
    spoil(read)
    expect(kept?.copy()).toEqual(expected)
    spoil(kept?.copy() as Row[])
    expect(kept?.copy()).toEqual(expected)
  })

  test('have the properties of a read row, in order, and may be changed', () => {
    const read = [JSON.parse('{"b": 1, "__proto__": 2, "a": 3}') as Row]
    const [copy] = KeptRows.of(read, 10_000)?.copy() ?? []
    expect(Object.getOwnPropertyDescriptors(copy)).toEqual(Object.getOwnPropertyDescriptors(read[0]))
    expect(Object.keys(copy as Row)).toEqual(['b', '__proto__', 'a'])
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })

  test('are not kept when they take more than they may', () => {
    const row = { text: 'x'.repeat(1000) }
    expect(KeptRows.of([row], 2000)).toBeNull()
    expect(KeptRows.of([row], 3000)?.bytes).toBeGreaterThan(2000)
    expect(KeptRows.of([{ bytes: new Uint8Array(5000) }], 4000)).toBeNull()
    expect(KeptRows.of(Array(1000).fill({}), 4000)).toBeNull()
    expect(KeptRows.of([], 4000)?.copy()).toEqual([])
  })
})
