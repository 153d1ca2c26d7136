/** The rows of the benchmark: the same in every run. */
import type { NewItem } from '../contestants/types.ts'

/** Rows in the file that most works start from. */
export const ITEM_COUNT = 100_000

const STATUSES = ['draft', 'listed', 'reserved', 'sold']
const FIRST_DAY_MS = Date.UTC(2024, 0, 1)
const MINUTE_MS = 60_000

export function makeItem(index: number): NewItem {
  const draw = scramble(index)
  return {
    artist_id: 1 + (draw % 500),
    title: `Study of light and water no. ${index}`,
    // Never integral, so that it is a REAL for every driver.
    price: 0.25 + (draw % 100_000) / 2,
    likes: draw % 1000,
    status: STATUSES[draw % STATUSES.length] ?? 'draft',
    created_at: new Date(FIRST_DAY_MS + index * MINUTE_MS).toISOString(),
  }
}

export function makeItems(count: number, first = 0): readonly NewItem[] {
  return Array.from({ length: count }, (_, index) => makeItem(first + index))
}

/** Every id of the file once, in an order that no cache likes. */
export function scatteredIds(): readonly number[] {
  // The step is prime and no divisor of the count, so that the walk meets every id.
  return Array.from({ length: ITEM_COUNT }, (_, index) => 1 + ((index * 61_819) % ITEM_COUNT))
}

/** A number from 0 to 2³² − 1 that looks random and is the same every time. */
export function scramble(index: number): number {
  let state = Math.imul(index + 1, 0x9e3779b1)
  state = Math.imul(state ^ (state >>> 15), 0x85ebca6b)
  return (state ^ (state >>> 13)) >>> 0
}
