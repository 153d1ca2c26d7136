/** Every verb, in the order in which `--help` lists them. */
import type { Command } from './command.ts'
import { backupCreate, backupDrill, backupList, backupPrune, backupVerify } from './commands/backup.ts'
import { backupArchive } from './commands/backup-archive.ts'
import { dashboard } from './commands/dashboard.ts'
import { generate } from './commands/generate.ts'
import { inspect } from './commands/inspect.ts'
import { migrateStatus, migrateUp } from './commands/migrate.ts'
import { restore } from './commands/restore.ts'
import { status } from './commands/status.ts'
import { top } from './commands/top.ts'
import { watch } from './commands/watch.ts'

export const COMMANDS: readonly Command[] = [
  inspect,
  generate,
  status,
  top,
  watch,
  dashboard,
  migrateUp,
  migrateStatus,
  backupCreate,
  backupList,
  backupVerify,
  backupDrill,
  backupPrune,
  backupArchive,
  restore,
]
