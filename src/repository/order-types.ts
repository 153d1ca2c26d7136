/** How rows are sorted and narrowed: what every reading method accepts. */

export type Direction = 'asc' | 'desc' | 'ASC' | 'DESC'
type Column<Row> = keyof Row & string

type OrderTerm<Row> =
  | Column<Row>
  | { readonly [K in Column<Row>]?: Direction }
  | {
      readonly column: Column<Row>
      /** Keys and indexes that lead to a value inside a JSON column. Default: the column itself. */
      readonly path?: readonly (string | number)[]
      readonly direction?: Direction
      /** Where NULL stands. Default: first ascending, last descending, where an index has it. */
      readonly nulls?: 'first' | 'last'
    }

/** A column, `{ likes: 'desc' }`, `{ column: 'sold_at', direction: 'asc', nulls: 'last' }`, or an array of these. */
export type OrderBy<Row> = OrderTerm<Row> | readonly OrderTerm<Row>[]

/** The columns that were selected: the row's own type where all were. */
export type Narrowed<Row, Selected extends Column<Row>> = [Column<Row>] extends [Selected] ? Row : Pick<Row, Selected>
