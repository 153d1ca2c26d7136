/** What an `orderBy` may say. */

export type OrderDirection = 'asc' | 'desc' | 'ASC' | 'DESC'
type Column<Row> = keyof Row & string

type OrderTerm<Row> =
  | Column<Row>
  | { readonly [K in Column<Row>]?: OrderDirection }
  | { readonly column: Column<Row>; readonly direction?: OrderDirection }

/** A column, `{ likes: 'desc' }`, `{ column: 'likes', direction: 'desc' }`, or an array of these. */
export type OrderBy<Row> = OrderTerm<Row> | readonly OrderTerm<Row>[]
