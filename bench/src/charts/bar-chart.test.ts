import { describe, expect, it } from 'vitest'
import { barChart } from './bar-chart.ts'
import { ticksUpTo } from './ticks.ts'

describe('an axis', () => {
  it('starts at 0 and ends at or behind the largest value, at round numbers', () => {
    expect(ticksUpTo(262_000)).toEqual([0, 50_000, 100_000, 150_000, 200_000, 250_000, 300_000])
    expect(ticksUpTo(3.1)).toEqual([0, 1, 2, 3, 4])
    expect(ticksUpTo(0.07)).toEqual([0, 0.02, 0.04, 0.06, 0.08])
    expect(ticksUpTo(0)).toEqual([0, 1])
  })
})

describe('a chart', () => {
  const chart = barChart({
    title: 'Reads & writes',
    axis: 'a second',
    description: 'who is <fast>',
    bars: [
      { label: 'noormme', value: 200, highlighted: true },
      { label: 'half', value: 100, highlighted: false },
      { label: 'broken', value: null, highlighted: false },
    ],
  })
  const widths = [...chart.matchAll(/<rect class="bar[^"]*" .*? width="([\d.]+)"/g)].map((match) => Number(match[1]))

  it('has bars as long as their values, and none for who failed', () => {
    expect(widths[0]).toBeGreaterThan(0)
    expect(widths[1]).toBeCloseTo((widths[0] ?? 0) / 2)
    expect(widths[2]).toBe(0)
    expect(chart).toContain('>failed</text>')
  })

  it('has its texts escaped', () => {
    expect(chart).toContain('Reads &amp; writes')
    expect(chart).toContain('who is &lt;fast&gt;')
  })
})
