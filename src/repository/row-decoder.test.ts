import { expect, test } from 'vitest'
import { decodeRows } from './row-decoder.ts'

test('100,000 rows are decoded in many turns of the event loop: without slices it would not turn once', async () => {
  const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, j: '{"tags":["sea","night"],"size":{"width":3}}' }))
  let turns = 0
  let counting = true
  const turn = (): void => {
    turns++
    if (counting) setImmediate(turn)
  }
  setImmediate(turn)

  const decoded = await decodeRows(rows, (row) => ({ id: row.id, j: JSON.parse(String(row.j)) }))
  counting = false

  expect(turns).toBeGreaterThan(5)
  expect(decoded.at(-1)).toEqual({ id: 99_999, j: { tags: ['sea', 'night'], size: { width: 3 } } })
})
