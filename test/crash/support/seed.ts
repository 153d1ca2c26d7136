/**
 * Chance that can be had again: every random choice of these tests comes from one seed, which is printed, and which the
 * environment variable `NOORMME_SEED` sets.
 */
import { randomInt } from 'node:crypto'
import { type Chance, chanceFrom } from './chance.ts'

export type { Chance } from './chance.ts'

/** The long form: `npm run soak`. */
export const SOAK = process.env.NOORMME_SOAK === '1'
export const SEED = Number(process.env.NOORMME_SEED ?? randomInt(1, 1_000_000))

console.log(`NOORMME_SEED=${SEED}${SOAK ? ' NOORMME_SOAK=1' : ''}`)

/** How many rounds: `short` in the ordinary run, `long` in the long form. */
export function rounds(short: number, long: number): readonly number[] {
  return Array.from({ length: SOAK ? long : short }, (_, round) => round)
}

/** A generator of its own for each `label`, so that one test's draws do not move another's. */
export function chance(label: string): Chance {
  return chanceFrom(SEED, label)
}
