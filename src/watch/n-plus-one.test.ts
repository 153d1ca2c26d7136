import { expect, test } from 'vitest'
import { Flow } from './flow.ts'
import { NPlusOneDetector } from './n-plus-one.ts'

/** Ten reads of one flow, each with the times it is given; what was found. */
function foundIn(timesOf: (n: number) => { startMs: number; endMs: number }) {
  const detector = new NPlusOneDetector(10)
  const call = { flow: new Flow(), step: 1, origin: () => 'at listWorks (file:///app/works.ts:12:9)' }
  const findings = Array.from({ length: 10 }, (_, n) =>
    detector.record({ sql: 'SELECT * FROM users WHERE id = ?', parameters: [n], rows: 1, call, ...timesOf(n) }),
  )
  return findings.filter((finding) => finding !== null)
}

test('calls made in one go are counted together, however far apart they are answered', () => {
  expect(foundIn((n) => ({ startMs: 0, endMs: 5_000 * n }))).toMatchObject([{ count: 10 }])
})

test('so are those of a loop, however long each takes', () => {
  expect(foundIn((n) => ({ startMs: 5_000 * n, endMs: 5_000 * n + 4_900 }))).toMatchObject([{ count: 10 }])
})

test('calls that come more than a second after the last answer are not', () => {
  expect(foundIn((n) => ({ startMs: 1_100 * n, endMs: 1_100 * n + 1 }))).toEqual([])
})
