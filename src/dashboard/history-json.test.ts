import { expect, it } from 'vitest'
import { historiesJson } from './history-json.ts'
import { emptyPoint } from './nothing-known.ts'

it('is the JSON of the histories', async () => {
  const points = Array.from({ length: 1000 }, (_, index) => ({ ...emptyPoint(index), writes: index, batchMean: null }))
  const histories = [
    { name: 'seconds' as const, intervalMs: 1000, points },
    { name: 'minutes' as const, intervalMs: 60_000, points: points.slice(0, 1) },
  ]

  expect(JSON.parse(await historiesJson(histories))).toEqual(histories)
  expect(JSON.parse(await historiesJson([]))).toEqual([])
  expect(JSON.parse(await historiesJson([{ name: 'minutes', intervalMs: 60_000, points: [] }]))).toEqual([
    { name: 'minutes', intervalMs: 60_000, points: [] },
  ])
})

it('gives the event loop a turn while it writes many new points', async () => {
  const points = Array.from({ length: 2340 }, (_, index) => emptyPoint(index))
  let turns = 0
  const count = (): void => {
    turns++
    if (!isDone) setImmediate(count)
  }
  let isDone = false
  setImmediate(count)

  await historiesJson([{ name: 'seconds', intervalMs: 1000, points }])
  isDone = true

  expect(turns).toBeGreaterThanOrEqual(9)
})
