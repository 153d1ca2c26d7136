import { resolve } from 'node:path'
import { readMigrationFolder } from '../../migrations/read-folder.ts'
import { migrationStatus } from '../../migrations/status.ts'
import { NOORMME } from '../../noormme.ts'
import { journalModeOf } from '../../sqlite/journal-mode.ts'
import { openReadOnly } from '../../sqlite/read-only-file.ts'
import { type Command, FILE } from '../command.ts'
import { DEFAULT_FOLDER, DIR } from '../migrations-folder.ts'
import { renderMigrationResult, renderMigrationStatus } from '../render/migrations.ts'

/** `noormme migrate up FILE` */
export const migrateUp: Command = {
  name: 'migrate up',
  summary: 'Apply the migrations that a database has not had',
  arguments: [FILE],
  options: [DIR],
  examples: ['noormme migrate up app.db', 'noormme migrate up app.db --dir db/migrations'],
  notes: [
    'Each file is applied as a whole or not at all; the first failure ends it.',
    'The database is made when there is none, in WAL mode; one that is there keeps its journal mode.',
  ],
  run: async ({ arguments: { FILE: path = '' }, options: { dir = DEFAULT_FOLDER } }) => {
    // Before the database is made: a misspelt folder should not leave an empty one behind.
    await readMigrationFolder(dir)
    const database = resolve(path)
    await using db = new NOORMME({
      connection: { database },
      optimization: { enableWALMode: journalModeOf(database) !== 'delete' },
    })
    await db.initialize()
    const result = await db.migrate(dir)
    return { code: 0, json: { file: database, ...result }, text: (style) => renderMigrationResult(result, style) }
  },
}

/** `noormme migrate status FILE` */
export const migrateStatus: Command = {
  name: 'migrate status',
  summary: 'Show which migrations a database has had, and which not',
  arguments: [FILE],
  options: [DIR],
  examples: ['noormme migrate status app.db', 'noormme migrate status app.db --dir db/migrations --json'],
  notes: ['Only looks. Ends with 1 when migrations are pending, or when folder and database disagree.'],
  run: async ({ arguments: { FILE: path = '' }, options: { dir = DEFAULT_FOLDER } }) => {
    using file = openReadOnly(path)
    const found = await migrationStatus(file, dir)
    const isDone = found.pending.length === 0 && found.drift.length === 0
    return {
      code: isDone ? 0 : 1,
      json: { file: file.path, ...found },
      text: (style) => renderMigrationStatus(found, style),
    }
  },
}
