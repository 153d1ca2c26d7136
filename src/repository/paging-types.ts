/** Paging by cursor and streaming: what is accepted and returned. */
import type { Direction, Narrowed, OrderBy } from './order-types.ts'
import type { Where } from './where-types.ts'

export interface CursorOptions<Row, Selected extends keyof Row & string = keyof Row & string> {
  /** The rows after this place: a page's `nextCursor`, or `endCursor`. `null`: from the beginning. */
  readonly after?: string | null | undefined
  /** The rows before this place, in the same order as ever: a page's `prevCursor`, or `startCursor`. */
  readonly before?: string | null | undefined
  /** Rows a page, 1 to 1,000. Default: 20. */
  readonly limit?: number
  readonly where?: Where<Row>
  /** Default: the primary key. Ties are broken by the primary key. */
  readonly orderBy?: OrderBy<Row>
  /** With an `orderBy` that is the name of a column. Default: `'asc'`. */
  readonly orderDirection?: Direction
  /** For a view: the columns that tell its rows apart, since it has no primary key that would say so. */
  readonly key?: readonly (keyof Row & string)[]
  /** The columns to read. Default: all. */
  readonly select?: readonly Selected[]
  /** Ends the call with `AbortedError` when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the call; then it ends with `TimeoutError`. Default: `performance.statementTimeout` of running. */
  readonly timeout?: number | undefined
}

export interface CursorPage<Row> {
  readonly data: Row[]
  /** For `after`, where there are more rows behind this page; else `null`. */
  readonly nextCursor: string | null
  /** For `before`, where there are rows before this page; else `null`. */
  readonly prevCursor: string | null
  /** The place of the first row, whether or not there is more: `before` it stands what is new at the top of a feed. */
  readonly startCursor: string | null
  /** The place of the last row, whether or not there is more: `after` it stands what is new at the end of a log. */
  readonly endCursor: string | null
}

export interface StreamRowsOptions<Row, Selected extends keyof Row & string = keyof Row & string> {
  readonly where?: Where<Row>
  /** Default: the primary key. */
  readonly orderBy?: OrderBy<Row>
  /** With an `orderBy` that is the name of a column. Default: `'asc'`. */
  readonly orderDirection?: Direction
  /** Rows at most. Default: all. */
  readonly limit?: number
  /** The columns to read. Default: all. */
  readonly select?: readonly Selected[]
  /** Rows read at a time, 1 to 10,000; that many are held in memory. Default: 1,000. */
  readonly batchSize?: number
  /** Ends the iteration with `AbortedError` when it aborts. */
  readonly signal?: AbortSignal | undefined
}

export interface PagingMethods<Row> {
  /**
   * One page of rows behind or before a place. Unlike page numbers, places stay where they are while rows are inserted
   * and deleted: a row that is there all along is on exactly one page. Finding a page takes as long for the last as for the
   * first, where an index has the order.
   *
   * @example
   * const feed = await works.paginateByCursor({ orderBy: { created_at: 'desc' }, limit: 24 })
   * const older = await works.paginateByCursor({ orderBy: { created_at: 'desc' }, limit: 24, after: feed.nextCursor })
   * @throws ValidationError for a cursor of another table or order, and for a view without `key`.
   */
  paginateByCursor<Selected extends keyof Row & string = keyof Row & string>(
    options?: CursorOptions<Row, Selected>,
  ): Promise<CursorPage<Narrowed<Row, Selected>>>

  /**
   * The rows one after another, a batch in memory at a time. Nothing is held open between two batches: a row that is there
   * all along, with the same values in the columns of the order, is seen exactly once, whatever is written meanwhile. In a
   * snapshot all rows are of one point in time. See `docs/paging.md` for what is read in one go instead.
   *
   * @example
   * for await (const work of works.stream({ where: { status: 'listed' } })) await index(work)
   * @throws ValidationError (from the iteration) for options that are none; AbortedError when `signal` aborts.
   */
  stream<Selected extends keyof Row & string = keyof Row & string>(
    options?: StreamRowsOptions<Row, Selected>,
  ): AsyncIterableIterator<Narrowed<Row, Selected>>
}
