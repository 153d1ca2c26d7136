import type { SchemaInfo, TableInfo } from '../../schema/types.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'
import { counted, printable } from './text.ts'

/** All tables of a database, a line each. */
export function renderSchema(path: string, { tables, toolTables }: SchemaInfo, style: Style): string {
  const views = tables.filter(({ kind }) => kind === 'view').length
  const counts = [counted(tables.length - views, 'table'), ...(views > 0 ? [counted(views, 'view')] : [])].join(', ')
  const columns = [
    { title: 'table' },
    { title: 'kind' },
    { title: 'columns', side: 'right' as const },
    { title: 'key' },
    { title: 'relations' },
  ]
  const others = toolTables.map(({ name, tool }) => `${name} (${tool})`)
  return [
    `${style.strong(printable(path))}: ${counts}`,
    ...(tables.length > 0 ? ['', renderTable(columns, tables.map(rowOf), style)] : []),
    ...(others.length > 0 ? ['', `kept by tools: ${printable(others.join(', '))}`] : []),
  ].join('\n')
}

function rowOf(table: TableInfo): string[] {
  return [
    table.name,
    kindOf(table),
    String(table.columns.filter(({ hidden }) => !hidden).length),
    table.primaryKey.join(', '),
    table.relations.map(({ name }) => name).join(', '),
  ]
}

/** `table`, `view`, or the module of a virtual table. */
export function kindOf({ kind, module }: TableInfo): string {
  return kind === 'virtual' ? (module ?? kind) : kind
}
