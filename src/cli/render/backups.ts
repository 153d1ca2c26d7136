import type { DrillReport } from '../../backup/drill.ts'
import type { PruneReport } from '../../backup/prune.ts'
import type { RestoreReport } from '../../backup/restore/report.ts'
import type { Backup } from '../../backup/types.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'
import { bytes, counted, printable } from './text.ts'

export function renderBackups(backups: readonly Backup[], style: Style): string {
  if (backups.length === 0) return 'no backups'
  const columns = [
    { title: 'backup' },
    { title: 'size', side: 'right' as const },
    { title: 'rows', side: 'right' as const },
    { title: 'checked' },
    { title: '' },
  ]
  const rows = backups.map((backup) => [
    backup.id,
    bytes(backup.bytes),
    String(rowsOf(backup)),
    backup.checkedAt.toISOString(),
    backup.ok ? 'whole' : 'damaged',
  ])
  const damaged = backups.filter(({ ok }) => !ok)
  const problems = damaged.map(({ id, problems: found }) => style.bad(`${id}: ${printable(found.join('; '))}`))
  const total = backups.reduce((sum, backup) => sum + backup.bytes, 0)
  const summary = `${counted(backups.length, 'backup')}, ${bytes(total)}`
  return [renderTable(columns, rows, style), '', summary, ...problems].join('\n')
}

export function renderBackup(backup: Backup, done: string, style: Style): string {
  const facts = `${bytes(backup.bytes)}, ${counted(rowsOf(backup), 'row')}`
  if (!backup.ok) return style.bad(`${backup.id} is damaged: ${printable(backup.problems.join('; '))}`)
  return `${style.good(`${done} ${backup.id}`)} (${facts})`
}

export function renderDrill({ id, createdAt, bytes: size, rows, duration }: DrillReport, style: Style): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
  return [
    style.good(`restored ${id} and found it whole`),
    `${bytes(size)}, ${counted(total, 'row')}, as of ${createdAt.toISOString()}; it took ${(duration / 1000).toFixed(1)} s`,
  ].join('\n')
}

export function renderPrune({ removed, kept, leftovers, freedBytes }: PruneReport, dryRun: boolean): string {
  const verb = dryRun ? 'would remove' : 'removed'
  const rest = leftovers.length === 0 ? '' : ` and ${counted(leftovers.length, 'leftover')}`
  return [
    ...removed.map((id) => `${verb} ${id}`),
    `${verb} ${counted(removed.length, 'backup')}${rest} (${bytes(freedBytes)}), kept ${kept.length}`,
  ].join('\n')
}

export function renderRestore(report: RestoreReport, style: Style): string {
  const done = report.resumed ? 'finished the restore of' : 'restored'
  const lines = [
    `${style.good(`${done} ${report.id}`)} to ${printable(report.path)}, as of ${report.createdAt.toISOString()}`,
  ]
  if (report.replaced !== null) lines.push(`what was there is kept as ${printable(report.replaced)}`)
  return lines.join('\n')
}

function rowsOf({ rows }: Backup): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0)
}
