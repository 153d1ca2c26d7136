import type { SchemaSize } from '../../../src/dashboard/protocol.ts'
import { text } from '../format/quantity.ts'
import { Dialog } from '../parts/dialog.tsx'
import { type Column, Table } from '../parts/table.tsx'

type TableColumn = SchemaSize['columns'][number]
type TableIndex = SchemaSize['indexes'][number]

const COLUMNS: readonly Column<TableColumn>[] = [
  { id: 'name', title: 'Column', main: true, cell: ({ name }) => <code>{name}</code> },
  { id: 'type', title: 'Type', cell: ({ type }) => <code>{type === '' ? 'any' : type}</code> },
  { id: 'key', title: 'Key', cell: ({ key }) => (key ? 'key' : null) },
  { id: 'null', title: 'NULL', cell: ({ notNull }) => (notNull ? 'never' : 'allowed') },
]

const INDEXES: readonly Column<TableIndex>[] = [
  { id: 'name', title: 'Index', main: true, cell: ({ name }) => <code>{name}</code> },
  { id: 'columns', title: 'Columns', cell: ({ columns }) => <code>{columns.join(', ')}</code> },
  { id: 'unique', title: 'Unique', cell: ({ unique }) => (unique ? 'unique' : null) },
  { id: 'bytes', title: 'Size', numeric: true, cell: ({ bytes }) => text(bytes, 'bytes') },
]

export function TableDetail({ table, onClose }: { readonly table: SchemaSize; readonly onClose: () => void }) {
  return (
    <Dialog title={table.table} size="large" onClose={onClose}>
      <h3>Columns</h3>
      <Table label="Columns" columns={COLUMNS} rows={table.columns} keyOf={({ name }) => name} />
      <h3>Indexes</h3>
      {table.indexes.length === 0 ? (
        <p class="empty">None but its key.</p>
      ) : (
        <Table label="Indexes" columns={INDEXES} rows={table.indexes} keyOf={({ name }) => name} />
      )}
    </Dialog>
  )
}
