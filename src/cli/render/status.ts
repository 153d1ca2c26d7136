import type { MigrationStatus } from '../../migrations/status.ts'
import type { FileFacts } from '../../sqlite/file-facts.ts'
import type { ReadOnlyFile } from '../../sqlite/read-only-file.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'
import { bytes, counted, printable } from './text.ts'

/** `folder`, `pending` and `drift` are `null` when there is no folder to compare with. */
export type MigrationsInStatus =
  | ({ readonly folder: string } & MigrationStatus)
  | (Pick<MigrationStatus, 'applied'> & { readonly folder: null; readonly pending: null; readonly drift: null })

export interface StatusFacts
  extends FileFacts,
    Pick<ReadOnlyFile, 'journalMode' | 'sizes' | 'log' | 'inUse' | 'users'> {
  readonly file: string
  readonly migrations: MigrationsInStatus | null
  readonly toolTables: readonly { readonly name: string; readonly tool: string | null }[]
}

/** What state a file is in, a line a fact. */
export function renderStatus(facts: StatusFacts, style: Style): string {
  const { sizes } = facts
  const rows = [
    ['journal mode', facts.journalMode],
    [
      'database',
      `${bytes(sizes.database)}: ${counted(facts.pageCount, 'page')} of ${facts.pageSize}, ${facts.freelistCount} free`,
    ],
    ['log (-wal)', logOf(facts)],
    ['index (-shm)', sizes.shm === null ? '' : bytes(sizes.shm)],
    ['journal', sizes.journal === null ? '' : bytes(sizes.journal)],
    ['open in', usersOf(facts)],
    ['encoding', facts.encoding],
    ['user_version', String(facts.userVersion)],
    [
      'application_id',
      facts.applicationId === 0 ? '' : `0x${(facts.applicationId >>> 0).toString(16).padStart(8, '0')}`,
    ],
    ['migrations', migrationsOf(facts.migrations)],
    ['kept by tools', facts.toolTables.map(({ name, tool }) => `${name} (${tool})`).join(', ')],
    ['read with', `SQLite ${facts.sqliteVersion}`],
  ].filter(([, text]) => text !== '')
  const table = renderTable([{ title: '' }, { title: '' }], rows, style)
  return `${style.strong(printable(facts.file))}\n\n${table}`
}

function logOf({ log, journalMode }: StatusFacts): string {
  if (log === null) return journalMode === 'wal' ? 'none' : ''
  const { frames, checkpointed } = log
  return `${bytes(log.bytes)}: ${counted(frames, 'frame')}${checkpointed === null ? '' : `, ${checkpointed} of them checkpointed`}`
}

function usersOf({ inUse, users }: StatusFacts): string {
  if (users.length > 0)
    return users.map(({ pid, name }) => `process ${pid}${name === null ? '' : ` (${name})`}`).join(', ')
  return inUse ? 'another process, as it seems' : 'no other process that can be seen'
}

function migrationsOf(migrations: MigrationsInStatus | null): string {
  if (migrations === null) return ''
  const { applied, folder, pending, drift } = migrations
  if (folder === null) return `${applied.length} applied`
  const differs = drift.length === 0 ? '' : `; ${folder} does not agree with them, see noormme migrate status`
  return `${applied.length} applied, ${pending.length} pending in ${folder}${differs}`
}
