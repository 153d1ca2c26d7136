import { expect, test } from 'vitest'
import { matchExpression } from '../src/lib/shop/match-expression.ts'
import { visiblePages } from '../src/web/visible-pages.ts'

test('every word becomes a quoted prefix', () => {
  expect(matchExpression('  two  moons ')).toBe('"two"* "moons"*')
})

test('quotes are doubled and operators are words like any other', () => {
  expect(matchExpression('say "hi" OR NOT')).toBe('"say"* """hi"""* "OR"* "NOT"*')
})

test('nothing to look for is no expression', () => {
  expect(matchExpression(' " * -- ')).toBeNull()
})

test('a pager shows the ends and the neighbourhood, and never hides a single page', () => {
  expect(visiblePages(1, 1)).toEqual([1])
  expect(visiblePages(1, 10)).toEqual([1, 2, 3, null, 10])
  expect(visiblePages(5, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, null, 10])
  expect(visiblePages(6, 11)).toEqual([1, null, 4, 5, 6, 7, 8, null, 11])
})
