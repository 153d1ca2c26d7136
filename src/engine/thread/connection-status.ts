/** What a connection on a thread of its own is doing now, as far as the main thread knows. */
import type { ConnectionState, ConnectionStatus } from '../types.ts'
import type { Channel } from './channel.ts'

export function connectionStatus(
  { label, current, facts, pageCache }: Pick<Channel, 'label' | 'current' | 'facts' | 'pageCache'>,
  state: ConnectionState,
): ConnectionStatus {
  return {
    label,
    state,
    sql: current?.sql ?? null,
    sqlAgeMs: current?.ageMs ?? null,
    pragmas: facts?.pragmas ?? null,
    stablePlans: facts?.native.stablePlans ?? null,
    pageCache: pageCache.stats(performance.now()),
  }
}
