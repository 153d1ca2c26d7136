import { existsSync } from 'node:fs'
import { readHistory } from '../../migrations/history.ts'
import { migrationStatus } from '../../migrations/status.ts'
import { introspect } from '../../schema/introspect.ts'
import { readFileFacts } from '../../sqlite/file-facts.ts'
import { openReadOnly, type ReadOnlyFile } from '../../sqlite/read-only-file.ts'
import { type Command, FILE } from '../command.ts'
import { DEFAULT_FOLDER, DIR } from '../migrations-folder.ts'
import { type MigrationsInStatus, renderStatus } from '../render/status.ts'

/** `noormme status FILE` */
export const status: Command = {
  name: 'status',
  summary: 'Show what state a database file is in',
  arguments: [FILE],
  options: [DIR],
  examples: ['noormme status app.db', 'noormme status app.db --json'],
  notes: [
    'Only looks: no file is changed, no checkpoint is run, the journal mode stays as it is.',
    'Migrations are shown when the database has a history of them.',
  ],
  run: async ({ arguments: { FILE: path = '' }, options }) => {
    using file = openReadOnly(path)
    const facts = await readFileFacts(file)
    const { toolTables } = await introspect(file)
    const { journalMode, inUse, users, log, sizes } = file
    const found = {
      file: file.path,
      journalMode,
      ...facts,
      sizes,
      log,
      inUse,
      users,
      migrations: await migrationsOf(file, options.dir),
      toolTables: toolTables.flatMap(({ name, tool }) => (tool === 'noormme' ? [] : { name, tool })),
    }
    return { code: 0, json: found, text: (style) => renderStatus(found, style) }
  },
}

/** Without a folder there is no telling what is pending: a missing one is an error only when it was named. */
async function migrationsOf(file: ReadOnlyFile, named: string | undefined): Promise<MigrationsInStatus | null> {
  const applied = await readHistory(file)
  if (applied === null) return null
  const folder = named ?? DEFAULT_FOLDER
  if (named === undefined && !existsSync(folder)) return { applied, folder: null, pending: null, drift: null }
  return { folder, ...(await migrationStatus(file, folder)) }
}
