import type { MigrationResult } from '../../migrations/migrate.ts'
import type { MigrationStatus } from '../../migrations/status.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'
import { counted } from './text.ts'

/** What `migrate up` has done. */
export function renderMigrationResult({ applied, skipped }: MigrationResult, style: Style): string {
  const before = skipped === 0 ? '' : `, ${counted(skipped, 'migration')} applied before`
  if (applied.length === 0) return `nothing to apply${before}`
  const columns = [
    { title: 'applied' },
    { title: 'statements', side: 'right' as const },
    { title: 'ms', side: 'right' as const },
  ]
  const rows = applied.map(({ name, statements, durationMs }) => [name, String(statements), durationMs.toFixed(1)])
  return `${renderTable(columns, rows, style)}\n\n${style.good(`${counted(applied.length, 'migration')} applied now`)}${before}`
}

/** Where a database stands. */
export function renderMigrationStatus({ applied, pending, drift }: MigrationStatus, style: Style): string {
  const rows = [
    ...applied.map(({ name, appliedAt }) => [name, 'applied', appliedAt]),
    ...pending.map((name) => [name, 'pending', '']),
  ]
  const table =
    rows.length === 0
      ? []
      : [renderTable([{ title: 'migration' }, { title: 'state' }, { title: 'on' }], rows, style), '']
  const problems = drift.map(({ name, reason, advice }) => [name, `${reason}. ${advice}`])
  const differences =
    drift.length === 0
      ? []
      : ['', style.bad('folder and database disagree'), renderTable([{ title: '' }, { title: '' }], problems, style)]
  return [...table, `${applied.length} applied, ${pending.length} pending`, ...differences].join('\n')
}
