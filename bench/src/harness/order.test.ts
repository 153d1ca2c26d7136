import { expect, it } from 'vitest'
import { orderOfRound } from './order.ts'

const ITEMS = ['a', 'b', 'c', 'd']

it('has everybody once in every round', () => {
  for (let round = 0; round < 20; round++) expect([...orderOfRound(ITEMS, round)].sort()).toEqual(ITEMS)
})

it('runs every second round backwards', () => {
  expect(orderOfRound(ITEMS, 0)).toEqual(['a', 'b', 'c', 'd'])
  expect(orderOfRound(ITEMS, 1)).toEqual(['d', 'c', 'b', 'a'])
})

it('lets everybody come first and last', () => {
  const rounds = Array.from({ length: 2 * ITEMS.length }, (_, round) => orderOfRound(ITEMS, round))

  expect(new Set(rounds.map((order) => order[0]))).toEqual(new Set(ITEMS))
  expect(new Set(rounds.map((order) => order.at(-1)))).toEqual(new Set(ITEMS))
})
