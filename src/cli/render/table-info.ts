import type { ColumnInfo, ForeignKeyInfo, IndexInfo, RelationInfo, TableInfo } from '../../schema/types.ts'
import { kindOf } from './schema.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'
import { counted, printable } from './text.ts'

/** Everything about one table. */
export function renderTableInfo(table: TableInfo, style: Style): string {
  const traits = [
    kindOf(table),
    counted(table.columns.length, 'column'),
    ...(table.strict ? ['strict'] : []),
    ...(table.withoutRowid ? ['without rowid'] : []),
    ...(table.tool === null ? [] : [`kept by ${table.tool}`]),
  ]
  const section = (title: string, rows: readonly (readonly string[])[]): string[] => {
    const columns = (rows[0] ?? []).map(() => ({ title: '' }))
    return rows.length === 0 ? [] : ['', style.strong(title), renderTable(columns, rows, style)]
  }
  const titles = ['column', 'type', 'null', 'default', 'key'].map((title) => ({ title }))
  return [
    `${style.strong(printable(table.name))} (${traits.join(', ')})`,
    '',
    renderTable(
      titles,
      table.columns.map((column) => columnRow(column, table)),
      style,
    ),
    ...section('indexes', table.indexes.map(indexRow)),
    ...section('foreign keys', table.foreignKeys.map(foreignKeyRow)),
    ...section('relations', table.relations.map(relationRow)),
    ...section(
      'triggers',
      table.triggers.map(({ name }) => [name]),
    ),
  ].join('\n')
}

function columnRow(column: ColumnInfo, table: TableInfo): string[] {
  const isNever = column.notNull || table.rowidColumn === column.name
  const notes = [
    ...(column.primaryKeyPosition === 0
      ? []
      : [table.primaryKey.length > 1 ? `primary ${column.primaryKeyPosition}` : 'primary']),
    ...(table.rowidColumn === column.name ? ['(rowid)'] : []),
    ...(column.generated === null ? [] : [`generated, ${column.generated}`]),
    ...(column.hidden ? ['hidden'] : []),
  ]
  return [column.name, column.type, isNever ? 'no' : 'yes', column.defaultValue ?? '', notes.join(' ')]
}

function indexRow({ name, unique, origin, partial, columns }: IndexInfo): string[] {
  const parts = columns.map((column) => (column.name ?? 'an expression') + (column.descending ? ' desc' : ''))
  const origins = { c: [], u: ['of a constraint'], pk: ['of the primary key'] }
  return [
    name,
    `(${parts.join(', ')})`,
    [...(unique ? ['unique'] : []), ...(partial ? ['partial'] : []), ...origins[origin]].join(', '),
  ]
}

function foreignKeyRow({ columns, referencedTable, referencedColumns, onDelete, onUpdate }: ForeignKeyInfo): string[] {
  const actions = [
    ['delete', onDelete],
    ['update', onUpdate],
  ].flatMap(([event, action]) => (action === 'NO ACTION' ? [] : `on ${event} ${action?.toLowerCase()}`))
  const target =
    referencedColumns.length === 0
      ? `${referencedTable} (cannot be followed)`
      : `${referencedTable} (${referencedColumns.join(', ')})`
  return [`(${columns.join(', ')})`, `→ ${target}`, actions.join(', ')]
}

function relationRow(relation: RelationInfo): string[] {
  const through = relation.kind === 'manyToMany' ? ` through ${relation.through.table}` : ''
  return [relation.name, relation.kind, `${relation.table}${through}`]
}
