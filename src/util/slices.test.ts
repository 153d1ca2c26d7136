import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { inSlices, nextSlice } from './slices.ts'

describe('inSlices', () => {
  test('every index comes once and in order, and timers get their turn in between', async () => {
    const seen: number[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 0)

    await inSlices(2000, (index) => {
      seen.push(index)
      const until = performance.now() + 0.02
      while (performance.now() < until);
    })
    clearInterval(timer)

    expect(seen).toEqual(Array.from({ length: 2000 }, (_, index) => index))
    expect(turns).toBeGreaterThan(0)
  })

  test('all who wait share the turns: one slice a turn, in order of asking', async () => {
    const given: number[] = []
    for (const asked of [1, 2, 3]) void nextSlice().then(() => given.push(asked))

    const seen: number[][] = []
    for (let turn = 0; turn < 4; turn++) {
      await nextTurn()
      seen.push([...given])
    }

    expect(seen.at(-1)).toEqual([1, 2, 3])
    for (const [turn, sofar] of seen.entries()) expect(sofar.length).toBeLessThanOrEqual(turn + 1)
  })

  test('a short loop is done before anything is awaited', () => {
    let sum = 0

    void inSlices(
      10,
      (index) => {
        sum += index
      },
      8,
    )

    expect(sum).toBe(17)
  })
})
