import { describe, expect, test } from 'vitest'
import { firstLine, verdictsIn } from './verdict.ts'

describe('verdictsIn', () => {
  test('finds the verdicts between whatever else a tool prints', () => {
    const output =
      'a warning\n❌ lost 1: One is gone.\n::verdict {"kind":"red","short":"lost 1","says":"One is gone."}\nbye\n'
    expect(verdictsIn(output)).toEqual([{ kind: 'red', short: 'lost 1', says: 'One is gone.' }])
  })
})

describe('firstLine', () => {
  test('takes the line that says what is wrong, without colours', () => {
    expect(firstLine(new Error('database is locked\nat …'))).toBe('database is locked')
    expect(firstLine(new Error('\n\u001b[31mInvalid invocation\u001b[0m\n\nIt timed out'))).toBe('It timed out')
  })
})
