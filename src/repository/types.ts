/** What a repository accepts and returns: the public types. */
import type { Finders } from './finder-types.ts'
import type { Direction, Narrowed, OrderBy } from './order-types.ts'
import type { PagingMethods } from './paging-types.ts'
import type { Undescribed } from './relations/graph.ts'
import type { RelationMethods } from './relations/relation-methods.ts'
import type { Loaded, Loading, With, WithCount } from './relations/with-types.ts'
import type { RowInput, RowKey } from './row-types.ts'
import type { SearchMethods } from './search-types.ts'
import type { Where } from './where-types.ts'
import type { WritingMethods } from './writing/write-types.ts'

type Column<Row> = keyof Row & string

export interface FindByIdOptions<Selected extends string> {
  /** The columns to read. Default: all. */
  readonly select?: readonly Selected[]
  /** Ends the call with `AbortedError` when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from the call; then it ends with `TimeoutError`. Default: `performance.statementTimeout` of running. */
  readonly timeout?: number | undefined
}

export interface FindOneOptions<Row, Selected extends Column<Row> = Column<Row>, G = Undescribed>
  extends FindByIdOptions<Selected> {
  readonly where?: Where<Row, G>
  /** Default of `findOne`: the primary key. */
  readonly orderBy?: OrderBy<Row>
  /** With an `orderBy` that is the name of a column. Default: `'asc'`. */
  readonly orderDirection?: Direction
  /** Rows to leave out at the start. Default: 0. */
  readonly offset?: number
}

export interface FindOptions<Row, Selected extends Column<Row> = Column<Row>, G = Undescribed>
  extends FindOneOptions<Row, Selected, G> {
  /** Rows at most. Default: all. */
  readonly limit?: number
}

export interface PaginateOptions<Row, Selected extends Column<Row> = Column<Row>, G = Undescribed>
  extends Omit<FindOneOptions<Row, Selected, G>, 'offset'> {
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

/**
 * Rows of one table or view. Every method takes part in the transaction that its repository belongs to, every returned
 * row is plain data, and every error is a rejection.
 */
export interface RepositoryMethods<Row, Insert, Update, G = Undescribed>
  extends RelationMethods<Row, G>,
    PagingMethods<Row>,
    SearchMethods<Row>,
    WritingMethods<Row, Insert, Update> {
  /**
   * The row with this primary key, or `null`.
   *
   * @example
   * await users.findById(7)
   * await users.findById(7, { with: { posts: { limit: 10 } } })
   * await userRoles.findById({ user_id: 7, role_id: 1 })
   * @throws ValidationError for a key that is not whole, and for a table without one.
   */
  findById(id: RowKey<Row>): Promise<Row | null>
  findById<
    Selected extends Column<Row> = Column<Row>,
    const W extends With<G> = Record<never, never>,
    const C extends WithCount<G> = [],
  >(
    id: RowKey<Row>,
    options?: FindByIdOptions<Selected> & Loading<G, W, C>,
  ): Promise<Loaded<G, Narrowed<Row, Selected>, W, C> | null>

  /** The first row that matches, by `orderBy` or else by primary key; `null` when none does. */
  findOne<
    Selected extends Column<Row> = Column<Row>,
    const W extends With<G> = Record<never, never>,
    const C extends WithCount<G> = [],
  >(
    options?: FindOneOptions<Row, Selected, G> & Loading<G, W, C>,
  ): Promise<Loaded<G, Narrowed<Row, Selected>, W, C> | null>

  /**
   * All rows that match.
   *
   * @example
   * await works.findAll({ where: { status: 'listed' }, orderBy: { likes: 'desc' }, limit: 20 })
   * await works.findAll({ limit: 20, with: { artist: true }, withCount: ['comments'] })
   */
  findAll<
    Selected extends Column<Row> = Column<Row>,
    const W extends With<G> = Record<never, never>,
    const C extends WithCount<G> = [],
  >(options?: FindOptions<Row, Selected, G> & Loading<G, W, C>): Promise<Loaded<G, Narrowed<Row, Selected>, W, C>[]>

  /** The number of rows that match. */
  count(where?: Where<Row, G>): Promise<number>

  /** Whether a row is there: by its key when given a value, by conditions when given an object. */
  exists(idOrWhere: RowKey<Row> | Where<Row, G>): Promise<boolean>

  /** One page of rows and how many there are, both from one point in time. Ties are broken by the primary key, in the last direction. */
  paginate<
    Selected extends Column<Row> = Column<Row>,
    const W extends With<G> = Record<never, never>,
    const C extends WithCount<G> = [],
  >(
    options?: PaginateOptions<Row, Selected, G> & Loading<G, W, C>,
  ): Promise<Page<Loaded<G, Narrowed<Row, Selected>, W, C>>>
}

/**
 * A repository: its methods, and a finder for every column (`findByEmail`, `findOneByEmail`, `findManyByArtistId`).
 * Without a row type any finder can be called; one for a column that does not exist rejects with ColumnNotFoundError.
 */
export type Repository<
  Row = Record<string, unknown>,
  Insert = RowInput<Row>,
  Update = RowInput<Row>,
  G = Undescribed,
> = RepositoryMethods<Row, Insert, Update, G> & Finders<Row>
