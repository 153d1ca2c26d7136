/** One request asks for something that takes about a second. A timer of 5 ms stands for all other requests: when is it late? */
import { longQuery } from '../lib/long-query.ts'
import { end } from '../lib/timing.ts'
import { verdict } from '../lib/verdict.ts'

export interface Tool {
  /** Runs the SQL and returns when its row has come. */
  query(sql: string): unknown
  close(): unknown
}

export async function run({ query, close }: Tool): Promise<never> {
  await query('SELECT 1')
  let last = performance.now()
  let longest = 0
  const look = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(look, 5)
  const started = performance.now()
  await query(longQuery(10))
  const took = performance.now() - started
  look()
  clearInterval(timer)

  const says = `In a query of ${took.toFixed(0)} ms the event loop stood still for up to ${longest.toFixed(0)} ms.`
  // A share of the query, because on a busy machine everything is late by something.
  const share = longest / took
  if (share > 0.8) verdict('red', 'stands still', says)
  else if (share > 0.3) verdict('yellow', 'stands still at times', says)
  else verdict('green', 'stays free', says)
  return end(close)
}
