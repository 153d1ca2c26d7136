import type { ArchivePoint, ArchiveWindow } from '../../backup/archive/plan.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'
import { counted } from './text.ts'

export function renderArchive(
  windows: readonly ArchiveWindow[],
  points: readonly ArchivePoint[],
  style: Style,
): string {
  if (windows.length === 0) return 'no commit can be restored to'
  const columns = [{ title: 'from' }, { title: 'to' }, { title: 'commits', side: 'right' as const }]
  const rows = windows.map(({ from, to }) => [
    from.time.toISOString(),
    to.time.toISOString(),
    String(to.commit - from.commit),
  ])
  const newest = points.map(({ commit, time }) => [String(commit), time.toISOString()])
  const commits = [{ title: 'commit', side: 'right' as const }, { title: 'made at' }]
  const gaps = windows.length > 1 ? [style.bad(counted(windows.length - 1, 'gap'))] : []
  return [
    renderTable(columns, rows, style),
    ...gaps,
    ...(newest.length === 0 ? [] : ['', renderTable(commits, newest, style)]),
  ].join('\n')
}
