import type { Command } from '../command.ts'
import { renderArchive } from '../render/archive.ts'
import { numberOf, withBackups } from './backup.ts'

/** `noormme backup archive BACKUPS` */
export const backupArchive: Command = {
  name: 'backup archive',
  summary: 'Show the commits that can be restored to',
  arguments: [{ name: 'BACKUPS', about: 'where they are kept: a folder, or s3://bucket/prefix' }],
  options: [{ name: 'limit', value: 'N', about: 'the newest so many commits; 20' }],
  examples: ['noormme backup archive backups', 'noormme backup archive backups --limit 500 --json'],
  notes: [
    'Only looks. Ends with 1 when no commit can be restored to. noormme restore takes a time or a number from here.',
  ],
  run: async (input) => {
    const limit = numberOf(input.options, 'limit') ?? 20
    const { windows, points } = await withBackups(input, {}, async (kept) => ({
      windows: await kept.windows(),
      points: await kept.points({ limit }),
    }))
    return {
      code: windows.length === 0 ? 1 : 0,
      json: { windows, points },
      text: (style) => renderArchive(windows, points, style),
    }
  },
}
