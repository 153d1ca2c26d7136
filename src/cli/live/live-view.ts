/** What `top` and `watch` see of a database: at first everything, then what changes each second. */

import { openFileSource } from '../../dashboard/outside/file-source.ts'
import { TICK_MS } from '../../dashboard/tick-timing.ts'
import { ConnectionError } from '../../errors.ts'
import { pause } from '../until-stopped.ts'
import type { LiveEvent } from './live-event.ts'
import { RemoteDashboard } from './remote-dashboard.ts'

export interface LiveOptions {
  readonly token: string | null
  readonly signal: AbortSignal
}

const TRY_AGAIN_MS = 2_000

/**
 * Looks at a file, or asks a dashboard that runs at an address, until `signal` aborts.
 *
 * @throws ConnectionError and others when it fails at first; what fails later is an event.
 */
export function liveView(place: string, { token, signal }: LiveOptions): AsyncIterable<LiveEvent> {
  return /^https?:\/\//i.test(place) ? ofAddress(place, { token, signal }) : ofFile(place, signal)
}

async function* ofFile(path: string, signal: AbortSignal): AsyncGenerator<LiveEvent, void> {
  const source = await openFileSource(path)
  const stop = source.watch()
  try {
    const tables = (await source.schema()).map(({ table }) => table)
    yield { kind: 'overview', overview: await source.overview(), tables }
    do yield { kind: 'tick', tick: (await source.tick()).tick }
    while (await pause(TICK_MS, signal))
  } finally {
    stop()
  }
}

async function* ofAddress(address: string, { token, signal }: LiveOptions): AsyncGenerator<LiveEvent, void> {
  const dashboard = new RemoteDashboard(address, { token, signal })
  let isFirst = true
  do {
    try {
      let next = yield* dashboard.events()
      isFirst = false
      while (next === 'another session') next = yield* dashboard.events()
      if (!signal.aborted) yield { kind: 'lost', reason: 'the dashboard has ended the connection' }
    } catch (error) {
      if (signal.aborted) return
      if (isFirst || !(error instanceof ConnectionError)) throw error
      yield { kind: 'lost', reason: error.message }
    }
  } while (await pause(TRY_AGAIN_MS, signal))
}
