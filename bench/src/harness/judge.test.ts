import { describe, expect, it } from 'vitest'
import type { Bar, Metric, Work } from '../work.ts'
import { judge } from './judge.ts'
import type { WorkRecord } from './results.ts'

const SPEED: Metric = { name: 'speed', title: 'rows a second', better: 'higher' }
const ERRORS: Metric = { name: 'errors', title: 'errors', better: 'lower', worst: true }
const AGAINST_BOTH: Bar = { kind: 'ratio', metric: 'speed', of: 'ours', to: ['slow', 'fast'], atLeast: 2 }

describe('a ratio', () => {
  it('to several is the one to the best of them', () => {
    const record = recordOf({ ours: [200, 220], slow: [10, 10], fast: [50, 55] })

    expect(judge(AGAINST_BOTH, workWith(AGAINST_BOTH), record)).toMatchObject({
      expected: 'ours ≥ 2 × the best of slow and fast (rows a second)',
      found: 4,
      met: true,
      close: false,
    })
  })

  it('near its bar is called close until it was measured often enough', () => {
    const few = recordOf({ ours: [95, 95], slow: [10, 10], fast: [50, 50] })
    const many = recordOf({ ours: Array(20).fill(95), slow: Array(20).fill(10), fast: Array(20).fill(50) })

    expect(judge(AGAINST_BOTH, workWith(AGAINST_BOTH), few)).toMatchObject({ met: false, close: true })
    expect(judge(AGAINST_BOTH, workWith(AGAINST_BOTH), many)).toMatchObject({ met: false, close: false })
  })
})

it('somebody who failed is not compared with, and nothing is judged when nobody is left', () => {
  const record = recordOf({ ours: [100], slow: [10], fast: [50] })

  expect(judge(AGAINST_BOTH, workWith(AGAINST_BOTH), { ...record, failed: { fast: 'it broke' } })).toMatchObject({
    found: 10,
  })
  expect(
    judge(AGAINST_BOTH, workWith(AGAINST_BOTH), { ...record, failed: { fast: 'it broke', slow: 'too' } }),
  ).toBeNull()
  expect(judge(AGAINST_BOTH, workWith(AGAINST_BOTH), { ...record, failed: { ours: 'it broke' } })).toBeNull()
})

it('errors are judged by the worst round', () => {
  const bar: Bar = { kind: 'value', metric: 'errors', of: 'ours', atMost: 0 }
  const record = { ...recordOf({}), lanes: { ours: { errors: [0, 0, 3] } } }

  expect(judge(bar, workWith(bar), record)).toMatchObject({ found: 3, met: false })
})

it('a difference is taken within each round', () => {
  const bar: Bar = { kind: 'difference', metric: 'speed', of: 'ours', to: 'slow', atMost: 10 }

  expect(judge(bar, workWith(bar), recordOf({ ours: [15, 115], slow: [5, 100] }))).toMatchObject({
    expected: 'ours ≤ 10 more than slow (rows a second)',
    found: 12.5,
    met: false,
  })
})

function workWith(bar: Bar): Work {
  return {
    name: 'work',
    title: 'Work',
    about: '',
    lanes: [],
    metrics: [SPEED, ERRORS],
    bars: [bar],
    rounds: { quick: 1, full: 1 },
    run: async () => ({}),
  }
}

function recordOf(speeds: Readonly<Record<string, readonly number[]>>): WorkRecord {
  const lanes = Object.fromEntries(Object.entries(speeds).map(([lane, speed]) => [lane, { speed }]))
  return { work: 'work', size: 'quick', command: 'npm run bench', date: '', othersCores: 0, lanes, failed: {} }
}
