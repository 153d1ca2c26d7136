import { resolve } from 'node:path'
import { restoreBackup } from '../../backup/restore-backup.ts'
import { type Command, FILE } from '../command.ts'
import { renderRestore } from '../render/backups.ts'
import { ID, SETUP, targetOf } from './backup.ts'

/** `noormme restore FILE --from BACKUPS` */
export const restore: Command = {
  name: 'restore',
  summary: 'Restore a database from a backup',
  arguments: [FILE],
  options: [{ name: 'from', value: 'BACKUPS', about: 'a folder or s3://bucket/prefix; backups' }, ID, SETUP],
  examples: [
    'noormme restore app.db --from backups',
    'noormme restore yesterday.db --from backups --id 20261126T173000123Z-1a2b3c4d',
  ],
  notes: [
    'Refused while any program has FILE open. What was there is kept beside it.',
    'NOORMME_BACKUP_KEY in the environment is the key of what is encrypted.',
    'Everything is read and checked before anything is changed. After a kill at any moment, run it again.',
  ],
  run: async ({ arguments: { FILE: path = '' }, options: { from = 'backups', id, setup } }, { progress }) => {
    const report = await restoreBackup({
      from: targetOf(from),
      to: resolve(path),
      id,
      setup: setup === undefined ? undefined : resolve(setup),
      onProgress: progress,
    })
    return { code: 0, json: report, text: (style) => renderRestore(report, style) }
  },
}
