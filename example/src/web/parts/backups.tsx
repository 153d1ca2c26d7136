/** What backups of the database there are. */
import { bytes, plural } from '../format.ts'
import type { Backups as Status } from '../reports.ts'

/** The newest so many are shown. */
const SHOWN = 5

export function Backups({ status }: { readonly status: Status }) {
  const { backups, running, next, error } = status
  return (
    <section aria-labelledby="backups-title">
      <h2 id="backups-title">Backups</h2>
      <p class="quiet">
        {plural(backups.length, 'backup')}
        {running === null ? '' : `, one job under way (${running})`}
        {next === null ? '' : `; the next is due on ${next.toISOString()}`}
      </p>
      {error === null ? null : <p class="verdict verdict-degraded">{error.message}</p>}
      <ul class="checks">
        {backups
          .toReversed()
          .slice(0, SHOWN)
          .map(({ id, createdAt, bytes: size, ok }) => (
            <li class={`check check-${ok ? 'pass' : 'fail'}`}>
              <strong class="mono">{id}</strong>
              <span>
                {createdAt.toISOString()}, {bytes(size)}
              </span>
              <span class="badge">{ok ? 'whole' : 'damaged'}</span>
            </li>
          ))}
      </ul>
    </section>
  )
}
