import type { BackupsNow } from '../../../src/dashboard/protocol.ts'
import { age, exact, moment } from '../format/time.ts'

interface RecoveryWindowProps {
  readonly window: NonNullable<BackupsNow['window']>
  readonly snapshots: BackupsNow['snapshots']
  readonly now: number
}

/** An archive that is further behind no longer keeps up. */
const BEHIND_MS = 5 * 60_000

/** From the oldest backup to this moment: the part where every commit can be had back is filled. */
export function RecoveryWindow({ window, snapshots, now }: RecoveryWindowProps) {
  const from = Date.parse(window.from)
  const to = Date.parse(window.to)
  const start = Math.min(from, ...snapshots.map(({ at }) => Date.parse(at)))
  const length = Math.max(1, now - start)
  const at = (time: number): string => `${Math.min(100, Math.max(0, ((time - start) / length) * 100))}%`
  const width = `${Math.max(0.5, ((to - from) / length) * 100)}%`
  return (
    <figure class="window">
      <figcaption>
        Any commit of the last <strong>{age(to - from)}</strong> can be restored
        <span class={now - to > BEHIND_MS ? 'is-behind' : 'aside'}>{`, up to ${age(Math.max(0, now - to))} ago`}</span>
      </figcaption>
      <div class="window-bar" aria-hidden="true">
        <span class="window-covered" style={{ left: at(from), width }} />
        {snapshots.map((snapshot) => (
          <span
            key={snapshot.id}
            class="window-snapshot"
            style={{ left: at(Date.parse(snapshot.at)) }}
            title={`snapshot of ${exact(Date.parse(snapshot.at))}`}
          />
        ))}
      </div>
      <div class="window-ends" aria-hidden="true">
        <span>{moment(start, now)}</span>
        <span>now</span>
      </div>
    </figure>
  )
}
