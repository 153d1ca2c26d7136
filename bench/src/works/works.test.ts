import { expect, it } from 'vitest'
import { WORKS } from './works.ts'

it.each(WORKS)('$name expects only of lanes and metrics that it has', ({ bars, lanes, metrics }) => {
  const laneNames = lanes.map(({ name }) => name)
  const metricNames = metrics.map(({ name }) => name)

  for (const bar of bars) {
    expect(metricNames).toContain(bar.metric)
    expect(laneNames).toContain(bar.of)
    if (bar.kind !== 'value') expect(laneNames).toEqual(expect.arrayContaining([bar.to].flat()))
    expect([bar.atLeast, bar.atMost].filter((limit) => limit !== undefined)).toHaveLength(1)
  }
  expect(new Set(laneNames).size).toBe(laneNames.length)
})
