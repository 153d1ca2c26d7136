/** Tables that can be sorted, and that turn into a list of cards where the screen is narrow. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

export interface Column<Row> {
  readonly id: string
  readonly title: string
  /** Numbers stand at the right. */
  readonly numeric?: true
  /** Takes what is left of the width. */
  readonly main?: true
  /** Left out on a narrow screen. */
  readonly minor?: true
  readonly cell: (row: Row) => ComponentChildren
  /** What it is sorted by, largest first; without it, it is not. */
  readonly rank?: (row: Row) => number | string | null
}

interface TableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row, index: number) => string
  /** Id of the column it is sorted by at first; without it, as the rows come. */
  readonly sortedBy?: string
}

interface Order {
  readonly id: string
  readonly descending: boolean
}

export function Table<Row>({ label, columns, rows, keyOf, sortedBy }: TableProps<Row>) {
  const [order, setOrder] = useState<Order | null>(sortedBy === undefined ? null : { id: sortedBy, descending: true })
  const shown = sorted(rows, columns, order)

  return (
    <>
      {sortedBy !== undefined && <SortChoice columns={columns} order={order} onChoose={setOrder} />}
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} order={order} onSort={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map((column) => (
                <td key={column.id} class={classOf(column)} data-label={column.title}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

interface HeadCellProps<Row> {
  readonly column: Column<Row>
  readonly order: Order | null
  readonly onSort: (order: Order) => void
}

function HeadCell<Row>({ column, order, onSort }: HeadCellProps<Row>) {
  const { id, title, rank } = column
  if (rank === undefined || order === null) {
    return (
      <th scope="col" class={classOf(column)}>
        {title}
      </th>
    )
  }
  const isActive = order.id === id
  const direction = isActive ? (order.descending ? 'descending' : 'ascending') : 'none'
  return (
    <th scope="col" class={classOf(column)} aria-sort={direction}>
      <button
        type="button"
        class={`sort sort-${direction}`}
        onClick={() => onSort({ id, descending: isActive ? !order.descending : true })}
      >
        {title}
      </button>
    </th>
  )
}

/** Cards have no head to click on. */
function SortChoice<Row>({
  columns,
  order,
  onChoose,
}: {
  readonly columns: readonly Column<Row>[]
  readonly order: Order | null
  readonly onChoose: (order: Order) => void
}) {
  return (
    <label class="sort-choice">
      Sort by{' '}
      <select
        value={order?.id ?? ''}
        onChange={(event) => onChoose({ id: event.currentTarget.value, descending: true })}
      >
        {columns
          .filter(({ rank }) => rank !== undefined)
          .map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
      </select>
    </label>
  )
}

function classOf<Row>({ numeric, main, minor }: Column<Row>): string | undefined {
  const names = [numeric === true && 'numeric', main === true && 'main', minor === true && 'minor'].filter(Boolean)
  return names.length === 0 ? undefined : names.join(' ')
}

/** What has no rank comes last either way. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | null,
): readonly Row[] {
  const rank = columns.find(({ id }) => id === order?.id)?.rank
  if (order === null || rank === undefined) return rows
  const way = order.descending ? -1 : 1
  return [...rows].sort((first, second) => {
    const a = rank(first)
    const b = rank(second)
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    if (typeof a === 'string' || typeof b === 'string') return -way * String(a).localeCompare(String(b))
    return way * (a - b)
  })
}
