import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

const LIMITS = { bytesPerSecond: undefined, least: 2, most: 20 }

test('a slice may take half as long again as the work before it, within limits', () => {
  const pace = new Pace(LIMITS, 0)
  expect(pace.ask(0)).toBe(2)
  pace.answered(11, { workMs: 2, copied: 10 })
  expect(pace.ask(20)).toBe(13.5)
  pace.answered(120, { workMs: 9, copied: 10 })
  expect(pace.ask(130)).toBe(20)
  pace.answered(150, { workMs: 20, copied: 10 })
  expect(pace.ask(150)).toBe(2)
})

test('the rate is kept over the whole, and what is copied twice counts twice', () => {
  const pace = new Pace({ ...LIMITS, bytesPerSecond: 1_000 }, 0)
  pace.answered(10, { workMs: 1, copied: 500 })
  expect(pace.waitMs(10)).toBe(490)
  expect(pace.waitMs(600)).toBe(0)
  pace.answered(600, { workMs: 1, copied: 100 })
  expect(pace.waitMs(600)).toBe(0)
  pace.answered(600, { workMs: 1, copied: 1_100 })
  expect(pace.waitMs(600)).toBe(1_000)
})

test('without a rate nothing waits', () => {
  const pace = new Pace(LIMITS, 0)
  pace.answered(1, { workMs: 1, copied: 10 ** 9 })
  expect(pace.waitMs(1)).toBe(0)
})
