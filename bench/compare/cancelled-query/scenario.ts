/**
 * A request asks for something that takes seconds, and its user goes away after 200 ms. The call has to end then, and so has
 * the work: a query that runs on keeps a core busy, and the log from being cleared.
 */
import { longQuery } from '../lib/long-query.ts'
import { end, outcome, pause } from '../lib/timing.ts'
import { verdict } from '../lib/verdict.ts'

const ABORT_AFTER_MS = 200
const WATCHED_MS = 1000
/** Little, because on a busy machine a query that runs on gets little. */
const BUSY = 0.05

export interface Tool {
  /** Runs the SQL; takes the signal where the tool has a place for it. */
  query(sql: string, signal: AbortSignal): Promise<unknown>
  /** Whether the tool has a way to be told. */
  readonly canBeTold: boolean
  close(): unknown
}

export async function run({ query, canBeTold, close }: Tool): Promise<never> {
  await query('SELECT 1 AS count', new AbortController().signal)
  const controller = new AbortController()
  setTimeout(() => controller.abort(), ABORT_AFTER_MS)
  const started = performance.now()
  const { state } = await outcome(query(longQuery(30), controller.signal), 20_000)
  const ended = performance.now() - started

  const before = process.cpuUsage()
  await pause(WATCHED_MS)
  const { user, system } = process.cpuUsage(before)
  const busy = (user + system) / 1000 / WATCHED_MS
  const ms = `${ended.toFixed(0)} ms`
  if (state === 'fulfilled' && !canBeTold) {
    verdict('red', 'cannot be cancelled', `There is no way to say it; the query ran to its end, ${ms}.`)
  } else if (state === 'fulfilled' || ended > 10 * ABORT_AFTER_MS) {
    verdict('red', 'runs to its end', `The signal reached nobody: the call ended after ${ms}, with the query.`)
  } else if (busy > BUSY) {
    verdict('yellow', 'the call only', `The call ended after ${ms}; the query runs on and keeps a core busy.`)
  } else verdict('green', 'stops', `The call ended after ${ms}, and the query with it.`)
  return end(close)
}
