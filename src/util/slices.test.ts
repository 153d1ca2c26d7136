import { describe, expect, test } from 'vitest'
import { inSlices } from './slices.ts'

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
