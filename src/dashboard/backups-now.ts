/** Backups as the page shows them: without the folder that they are in. */
import { basename, isAbsolute } from 'node:path'
import type { BackupStatus } from '../backup/types.ts'
import type { BackupsNow } from './protocol.ts'
import { withoutFolders } from './without-paths.ts'

export function backupsNow({ target, backups, running, error }: BackupStatus): BackupsNow | null {
  if (target === null) return null
  const whole = backups.filter(({ ok }) => ok)
  const latest = (times: readonly Date[]): string | null =>
    times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime()))).toISOString()
  return {
    lastAt: latest(backups.map(({ createdAt }) => createdAt)),
    lastVerifiedAt: latest(whole.map(({ checkedAt }) => checkedAt)),
    count: backups.length,
    bytes: backups.reduce((sum, { bytes }) => sum + bytes, 0),
    target: isAbsolute(target) ? basename(target) : target,
    window: null,
    backlogBytes: 0,
    running,
    error: error === null ? null : withoutFolders(error.message),
    snapshots: backups.map(({ id, createdAt, bytes, ok }) => ({
      id,
      at: createdAt.toISOString(),
      bytes,
      verified: ok,
    })),
  }
}
