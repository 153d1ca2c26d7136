/** Fifty requests at once; each reads a counter in a transaction, adds one and writes it. The counter has to end at fifty. */
import { committed } from '../lib/fresh-file.ts'
import { end, type Outcome, outcome } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

const REQUESTS = 50

export interface Tool {
  readonly file: string
  /** In a transaction: reads `value` of row 1 of `counters`, adds one, writes it. */
  increment(): Promise<unknown>
  close(): unknown
}

export async function run({ file, increment, close }: Tool): Promise<never> {
  const outcomes = await Promise.all(Array.from({ length: REQUESTS }, () => outcome(increment(), 8000)))
  const [counter] = committed<{ readonly value: number }>(file, 'SELECT value FROM counters')
  judge(outcomes, counter?.value ?? 0)
  return end(close)
}

function judge(outcomes: readonly Outcome<unknown>[], value: number): void {
  const done = outcomes.filter(({ state }) => state === 'fulfilled').length
  const refused = outcomes.find((each) => each.state === 'rejected')
  if (value > done) {
    verdict('red', 'kept what failed', `${done} were told that they are committed, yet the counter stands at ${value}.`)
  } else if (value < done) {
    verdict(
      'red',
      `lost ${done - value} of ${done}`,
      `${done} were told that they are committed; the counter stands at ${value}.`,
    )
  } else if (outcomes.some(({ state }) => state === 'pending')) {
    verdict('red', 'hangs', `${done} of ${REQUESTS} were done; the rest never ended.`)
  } else if (refused !== undefined) {
    const told = firstLine(refused.error)
    verdict(
      'yellow',
      `${REQUESTS - done} of ${REQUESTS} fail`,
      `${done} were done, ${REQUESTS - done} refused: ${told}`,
    )
  } else verdict('green', 'all 50', `All ${REQUESTS} were done, one after another.`)
}
