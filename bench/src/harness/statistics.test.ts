import { describe, expect, it } from 'vitest'
import { median, medianDifference, medianRatio, quantile } from './statistics.ts'

describe('median', () => {
  it('is the middle of an odd number of values, whatever their order', () => {
    expect(median([9, 1, 10])).toBe(9)
  })

  it('lies between the two middle ones of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5)
  })

  it('leaves the values as they were', () => {
    const values = [3, 1, 2]

    median(values)

    expect(values).toEqual([3, 1, 2])
  })

  it('does not exist without values', () => {
    expect(() => median([])).toThrow('no values')
  })
})

describe('quantile', () => {
  it('is the value that the share of all values do not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

    expect(quantile(hundred, 0.99)).toBe(99)
    expect(quantile(hundred, 1)).toBe(100)
    expect(quantile(hundred, 0)).toBe(1)
  })

  it('of one value is that value', () => {
    expect(quantile([7], 0.5)).toBe(7)
  })
})

describe('pairs', () => {
  it('compare values of the same round, so that a slow round cancels out', () => {
    // The second round was ten times slower for both; the ratio of the medians would be 2 as well, that of the means not.
    expect(medianRatio([200, 20, 220], [100, 10, 100])).toBe(2)
    expect(medianRatio([100, 30], [50, 10])).toBe(2.5)
  })

  it('may be subtracted', () => {
    expect(medianDifference([15, 120, 14], [5, 100, 6])).toBe(10)
  })

  it('are made of the first rounds where one side has fewer', () => {
    expect(medianRatio([10, 20, 5], [5])).toBe(2)
    expect(medianRatio([10], [5, 1, 1])).toBe(2)
    expect(() => medianRatio([1, 2], [])).toThrow('there is no median of no values')
  })
})
