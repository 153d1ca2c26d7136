import type { BackupsNow } from '../../../src/dashboard/protocol.ts'
import { text } from '../format/quantity.ts'
import { ago, exact, moment } from '../format/time.ts'
import { Facts } from '../parts/facts.tsx'
import { Empty, Panel } from '../parts/panel.tsx'
import { Sign } from '../parts/status.tsx'
import type { View } from '../state/view.ts'
import { ActionButton } from './actions.tsx'
import { RecoveryWindow } from './recovery-window.tsx'

const JOBS: Readonly<Record<string, string>> = {
  create: 'A backup is being made.',
  verify: 'A backup is being checked.',
  drill: 'A restore is being rehearsed.',
  prune: 'Backups that are not kept any more are being removed.',
}

/** Whether what is lost today could be had back, and from when. */
export function Backups({ view, now }: { readonly view: View; readonly now: number }) {
  const { backups, actions } = view.overview
  return (
    <Panel
      id="backups"
      title="Backups"
      note={backups === null ? 'not configured' : `${backups.count} kept, ${text(backups.bytes, 'bytes')}`}
      tools={<ActionButton name="backup" offered={actions} />}
      hint="Good: verified within a day. A backup that was never opened is a hope."
    >
      {backups === null ? <NotConfigured /> : <Kept backups={backups} now={now} />}
    </Panel>
  )
}

function NotConfigured() {
  return (
    <Empty>
      No backups are configured. If this disk fails, everything is lost: see <code>docs/backup.md</code> for how to keep
      some.
    </Empty>
  )
}

function Kept({ backups, now }: { readonly backups: BackupsNow; readonly now: number }) {
  const { window, snapshots } = backups
  return (
    <>
      {backups.error !== null && (
        <p class="line-with-sign" role="alert">
          <Sign tone="act" />
          <span>{`The last one failed: ${backups.error}`}</span>
        </p>
      )}
      {backups.running !== null && <p class="aside">{JOBS[backups.running] ?? backups.running}</p>}
      <Facts
        of={[
          ['Last', backups.lastAt === null ? 'never' : <When at={backups.lastAt} now={now} />],
          ['Last verified', backups.lastVerifiedAt === null ? 'never' : <When at={backups.lastVerifiedAt} now={now} />],
          ['Kept in', <code key="target">{backups.target}</code>],
          ['Still to be archived', window === null ? null : text(backups.backlogBytes, 'bytes')],
        ]}
      />
      {window !== null && <RecoveryWindow window={window} snapshots={snapshots} now={now} />}
      {snapshots.length > 0 && (
        <details class="snapshots">
          <summary>{`${snapshots.length} snapshots`}</summary>
          <ul>
            {snapshots.map(({ id, at, bytes, verified }) => (
              <li key={id}>
                <Sign tone={verified ? 'good' : 'watch'} />
                <time title={exact(Date.parse(at))}>{moment(Date.parse(at), now)}</time>
                <span>{verified ? 'verified' : 'not verified'}</span>
                <span class="numeric">{text(bytes, 'bytes')}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function When({ at, now }: { readonly at: string; readonly now: number }) {
  return <time title={exact(Date.parse(at))}>{ago(Date.parse(at), now)}</time>
}
