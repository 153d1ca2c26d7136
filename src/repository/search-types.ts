/** Full-text search: what is accepted and returned. */
import type { Direction, Narrowed, OrderBy } from './order-types.ts'
import type { Where } from './where-types.ts'

export interface SearchOptions<Row, Selected extends keyof Row & string = keyof Row & string> {
  /** Conditions on the rows, beside the text. */
  readonly where?: Where<Row>
  /** Default: the best match first. */
  readonly orderBy?: OrderBy<Row>
  /** With an `orderBy` that is the name of a column. Default: `'asc'`. */
  readonly orderDirection?: Direction
  /** Hits at most, 1 to 1,000. Default: 20. */
  readonly limit?: number
  /** Hits to leave out at the start. Default: 0. */
  readonly offset?: number
  /** The columns to read. Default: all. */
  readonly select?: readonly Selected[]
  /** Every word may be the beginning of a longer one: `moo` finds `moon`. Default: `false`. */
  readonly prefix?: boolean
  /**
   * `'words'`: the text is what a person typed, and all its words must be found; nothing in it is an operator. `'fts5'`: it is
   * an expression of https://sqlite.org/fts5.html#full_text_query_syntax. Default: `'words'`.
   */
  readonly syntax?: 'words' | 'fts5'
  /** The columns of the index to look in. Default: all. */
  readonly columns?: readonly string[]
  /** How much a match in a column counts, for the rank. Default: 1 for each. */
  readonly weights?: Readonly<Record<string, number>>
  /** Columns of the index to return whole, with what matched in them. */
  readonly highlight?: readonly string[]
  /** Columns of the index to return an extract of, around what matched. */
  readonly snippet?: readonly string[]
  /** Words an extract has at most, 1 to 64. Default: 16. */
  readonly snippetWords?: number
  /** The FTS5 table to search, whose rowids are those of this table. Default: the one that is made over this table. */
  readonly using?: string
  /** Ends the call with `AbortedError` when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the call; then it ends with `TimeoutError`. Default: `performance.statementTimeout` of running. */
  readonly timeout?: number | undefined
}

/** A piece of a text, cut where a match begins or ends: to be shown without becoming markup. */
export interface TextPiece {
  readonly text: string
  readonly match: boolean
}

export interface SearchHit<Row> {
  readonly row: Row
  /** Rowid of the row in the index. */
  readonly rowid: number | bigint
  /** How well it matches: the smaller, the better (https://sqlite.org/fts5.html#the_bm25_function). */
  readonly rank: number
  /** The texts of the columns named in `highlight`, in pieces; no piece where there is no text. */
  readonly highlights: Readonly<Record<string, readonly TextPiece[]>>
  /** Extracts of the columns named in `snippet`, in pieces, with `…` where text was left out. */
  readonly snippets: Readonly<Record<string, readonly TextPiece[]>>
}

export interface SearchMethods<Row> {
  /**
   * Rows that a text is found in, the best match first: of an FTS5 table, or of a table that has one over it.
   *
   * @example
   * const hits = await works.search('moon sea', { where: { status: 'listed' }, highlight: ['title'] })
   * hits[0]?.row.title // 'The moon over the sea'
   * @throws ValidationError where there is no full-text index, or several, and for an expression that is none.
   */
  search<Selected extends keyof Row & string = keyof Row & string>(
    text: string,
    options?: SearchOptions<Row, Selected>,
  ): Promise<SearchHit<Narrowed<Row, Selected>>[]>
}
