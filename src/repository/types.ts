/** What a repository accepts and returns: the public types. */
import type { Finders } from './finder-types.ts'
import type { RowInput, RowKey } from './row-types.ts'
import type { Where } from './where-types.ts'
import type { WritingMethods } from './writing/write-types.ts'

export type Direction = 'asc' | 'desc' | 'ASC' | 'DESC'
type Column<Row> = keyof Row & string

type OrderTerm<Row> =
  | Column<Row>
  | { readonly [K in Column<Row>]?: Direction }
  | { readonly column: Column<Row>; readonly direction?: Direction }

/** A column, `{ likes: 'desc' }`, `{ column: 'likes', direction: 'desc' }`, or an array of these. */
export type OrderBy<Row> = OrderTerm<Row> | readonly OrderTerm<Row>[]

export interface FindOneOptions<Row, Selected extends Column<Row> = Column<Row>> {
  readonly where?: Where<Row>
  /** Default of `findOne`: the primary key. */
  readonly orderBy?: OrderBy<Row>
  /** With an `orderBy` that is the name of a column. Default: `'asc'`. */
  readonly orderDirection?: Direction
  /** Rows to leave out at the start. Default: 0. */
  readonly offset?: number
  /** The columns to read. Default: all. */
  readonly select?: readonly Selected[]
  /** Ends the call with `AbortedError` when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the call; then it ends with `TimeoutError`. Default: `performance.statementTimeout` of running. */
  readonly timeout?: number | undefined
}

export interface FindOptions<Row, Selected extends Column<Row> = Column<Row>> extends FindOneOptions<Row, Selected> {
  /** Rows at most. Default: all. */
  readonly limit?: number
}

export interface PaginateOptions<Row, Selected extends Column<Row> = Column<Row>>
  extends Omit<FindOneOptions<Row, Selected>, 'offset'> {
  /** From 1. Default: 1. */
  readonly page?: number
  /** Rows a page, 1 to 1,000. Default: 20. */
  readonly limit?: number
}

export interface Page<Row> {
  readonly data: Row[]
  readonly pagination: {
    readonly page: number
    readonly limit: number
    /** Rows on all pages, at the same point in time as `data`. */
    readonly total: number
    readonly totalPages: number
    readonly hasNext: boolean
    readonly hasPrev: boolean
  }
}

/** The columns that were selected: the row's own type where all were. */
export type Narrowed<Row, Selected extends Column<Row>> = [Column<Row>] extends [Selected] ? Row : Pick<Row, Selected>

/**
 * Rows of one table or view. Every method takes part in the transaction that its repository belongs to, every returned
 * row is plain data, and every error is a rejection.
 */
export interface RepositoryMethods<Row, Insert, Update> extends WritingMethods<Row, Insert, Update> {
  /**
   * The row with this primary key, or `null`.
   *
   * @example
   * await users.findById(7)
   * await userRoles.findById({ user_id: 7, role_id: 1 })
   * @throws ValidationError for a key that is not whole, and for a table without one.
   */
  findById(id: RowKey<Row>): Promise<Row | null>

  /** The first row that matches, by `orderBy` or else by primary key; `null` when none does. */
  findOne<Selected extends Column<Row> = Column<Row>>(
    options?: FindOneOptions<Row, Selected>,
  ): Promise<Narrowed<Row, Selected> | null>

  /**
   * All rows that match.
   *
   * @example
   * await works.findAll({ where: { status: 'listed' }, orderBy: { likes: 'desc' }, limit: 20 })
   */
  findAll<Selected extends Column<Row> = Column<Row>>(
    options?: FindOptions<Row, Selected>,
  ): Promise<Narrowed<Row, Selected>[]>

  /** The number of rows that match. */
  count(where?: Where<Row>): Promise<number>

  /** Whether a row is there: by its key when given a value, by conditions when given an object. */
  exists(idOrWhere: RowKey<Row> | Where<Row>): Promise<boolean>

  /** One page of rows and how many there are, both from one point in time. Ties are broken by the primary key. */
  paginate<Selected extends Column<Row> = Column<Row>>(
    options?: PaginateOptions<Row, Selected>,
  ): Promise<Page<Narrowed<Row, Selected>>>
}

/**
 * A repository: its methods, and a finder for every column (`findByEmail`, `findOneByEmail`, `findManyByArtistId`).
 * Without a row type any finder can be called; one for a column that does not exist rejects with ColumnNotFoundError.
 */
export type Repository<
  Row extends object = Record<string, unknown>,
  Insert = RowInput<Row>,
  Update = RowInput<Row>,
> = RepositoryMethods<Row, Insert, Update> & Finders<Row>
