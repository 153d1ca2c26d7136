import { resolve } from 'node:path'
import { restoreBackup } from '../../backup/restore-backup.ts'
import { ValidationError } from '../../errors.ts'
import { type Command, FILE } from '../command.ts'
import { renderRestore } from '../render/backups.ts'
import { ID, SETUP, targetOf } from './backup.ts'

/** `noormme restore FILE --from BACKUPS` */
export const restore: Command = {
  name: 'restore',
  summary: 'Restore a database from a backup',
  arguments: [FILE],
  options: [
    { name: 'from', value: 'BACKUPS', about: 'a folder or s3://bucket/prefix; backups' },
    { name: 'at', value: 'TIME', about: 'as it was then: 2026-11-26T17:30:00Z' },
    { name: 'commit', value: 'N', about: 'as it was behind that commit' },
    { ...ID, about: 'this backup as it is' },
    SETUP,
  ],
  examples: [
    'noormme restore app.db --from backups',
    'noormme restore before.db --from backups --at 2026-11-26T17:30:00Z',
    'noormme restore yesterday.db --from backups --id 20261126T173000123Z-1a2b3c4d',
  ],
  notes: [
    'Refused while any program has FILE open. What was there is kept beside it.',
    'NOORMME_BACKUP_KEY in the environment is the key of what is encrypted.',
    'Everything is read and checked before anything is changed. After a kill at any moment, run it again.',
  ],
  run: async ({ arguments: { FILE: path = '' }, options }, { progress }) => {
    const { from = 'backups', id, setup } = options
    const report = await restoreBackup({
      from: targetOf(from),
      to: resolve(path),
      id,
      ...pointOf(options),
      setup: setup === undefined ? undefined : resolve(setup),
      onProgress: progress,
    })
    return { code: 0, json: report, text: (style) => renderRestore(report, style) }
  },
}

function pointOf({ at, commit }: Readonly<Record<string, string | undefined>>): { at?: Date; commit?: number } {
  const time = at === undefined ? undefined : new Date(at)
  // A date alone, or a time without its zone, means another moment on another machine.
  if (time !== undefined && (Number.isNaN(time.getTime()) || !/T.*(Z|[+-]\d\d:\d\d)$/.test(at ?? ''))) {
    throw new ValidationError({ subject: '--at', reason: 'must be a time with its zone, such as 2026-11-26T17:30:00Z' })
  }
  if (commit !== undefined && !/^\d{1,15}$/.test(commit)) {
    throw new ValidationError({ subject: '--commit', reason: 'must be the number of a commit' })
  }
  return { ...(time && { at: time }), ...(commit !== undefined && { commit: Number(commit) }) }
}
