import { describe, expect, test } from 'vitest'
import type { Verdict } from '../lib/verdict.ts'
import { type Cell, cellsOf, worstByRow } from './cells.ts'
import { merge } from './results.ts'

const verdict = (changes: Partial<Verdict>): Verdict => ({
  kind: 'green',
  short: 'right',
  says: 'It is right.',
  row: null,
  offers: null,
  recommended: false,
  ...changes,
})
const script = { scenario: 'values', tool: 'knex' }

describe('worstByRow', () => {
  test('takes the worst of several runs, for each row by itself', () => {
    const runs = [
      [verdict({ row: 'a' }), verdict({ row: 'b', kind: 'red' })],
      [verdict({ row: 'a', kind: 'yellow' }), verdict({ row: 'b' })],
    ]
    expect(worstByRow(runs).map(({ row, kind }) => [row, kind])).toEqual([
      ['a', 'yellow'],
      ['b', 'red'],
    ])
  })
})

describe('cellsOf', () => {
  test('has what a setting changes beside the default that is not right', () => {
    const [cell] = cellsOf(
      script,
      [verdict({ kind: 'red', short: 'lost', offers: 'timeout' })],
      [verdict({ recommended: true, offers: 'timeout' })],
    )
    expect(cell).toMatchObject({ kind: 'red', short: 'lost', setting: { name: 'timeout', kind: 'green' } })
  })

  test('leaves the setting out where the default is right, or where it is for another row', () => {
    const defaults = [verdict({ row: 'a', offers: 'timeout' }), verdict({ row: 'b', kind: 'red' })]
    const recommended = [verdict({ row: 'a' }), verdict({ row: 'b' })]
    expect(cellsOf(script, defaults, recommended).map(({ setting }) => setting)).toEqual([null, null])
  })

  test('says that the script hangs with the setting, in every row that the setting is for', () => {
    const defaults = [verdict({ row: 'a', kind: 'red', offers: 'timeout' })]
    const [cell] = cellsOf(script, defaults, [verdict({ kind: 'red', short: 'hangs' })])
    expect(cell?.setting).toMatchObject({ name: 'timeout', short: 'hangs' })
  })
})

describe('merge', () => {
  const cell = (tool: string, row: string | null, short: string): Cell => ({
    scenario: 'values',
    tool,
    row,
    kind: 'green',
    short,
    says: '',
    setting: null,
  })

  test('replaces every row of a script that was run again, and keeps the others', () => {
    const before = [cell('knex', 'a', 'old'), cell('knex', 'gone', 'old'), cell('kysely', 'a', 'old')]
    expect(merge(before, [cell('knex', 'a', 'new')])).toEqual([cell('kysely', 'a', 'old'), cell('knex', 'a', 'new')])
  })
})
