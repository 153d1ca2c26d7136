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
  const whole = process.cpuUsage()
  const loop = process.threadCpuUsage()
  await query(longQuery(10))
  look()
  clearInterval(timer)
  const took = performance.now() - started
  const onTheLoop = total(process.threadCpuUsage(loop)) / total(process.cpuUsage(whole))

  const says = `In a query of ${took.toFixed(0)} ms the event loop stood still for up to ${longest.toFixed(0)} ms.`
  // On a busy machine everything is late; who did the work tells that from a loop that was held up by the query.
  if (longest > 0.3 * took && onTheLoop > 0.5) verdict('red', 'stands still', says)
  else verdict('green', 'stays free', says)
  return end(close)
}

function total({ user, system }: NodeJS.CpuUsage): number {
  return user + system
}
