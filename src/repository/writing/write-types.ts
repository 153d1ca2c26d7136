/** The public types of the writing methods. */
import type { ChangedRow, RowKey } from '../row-types.ts'
import type { Where } from '../where-types.ts'

type Column<Row> = keyof Row & string

export interface CreateManyOptions {
  /** Called (and awaited) after each group of `performance.maxBatchSize` rows; an error undoes all of them. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => unknown
  /** Return the rows as stored. Default: `false`. */
  readonly returning?: boolean
  /** Leave out rows whose unique key is taken, instead of refusing all of them. Default: `false`. */
  readonly skipDuplicates?: boolean
}

export interface ConflictOptions<Row> {
  /**
   * The columns of the unique key by which the row is looked for. Default: the primary key where the data have a value
   * for it, else the only other unique key that they have values for.
   */
  readonly conflict?: Column<Row> | readonly Column<Row>[]
}

export interface UpsertOptions<Row, Update> extends ConflictOptions<Row> {
  /**
   * What is changed where the row is there: some columns of the data, or a patch of its own. Default: all columns of the
   * data but its keys.
   */
  readonly update?: readonly Column<Row>[] | Update
}

export interface AllRowsOptions {
  /** Needed where the conditions hold for every row. Default: `false`. */
  readonly all?: boolean
}

/** What `create` was told to make beside the row, as it is returned: whole rows in place of their data. */
export type CreatedWith<Nested> = {
  readonly [K in keyof Nested]: Nested[K] extends readonly (infer Child)[]
    ? (Child & Record<string, unknown>)[]
    : Nested[K] & Record<string, unknown>
}

/** Writing methods of a repository. See `docs/writing.md`. */
export interface WritingMethods<Row, Insert, Update> {
  /**
   * Inserts one row and returns it as SQLite stored it, with defaults and generated columns. `undefined` leaves a
   * column out. Rows of relations are made with it in one transaction, and returned with it.
   *
   * @example
   * await works.create({ title: 'Moon', artist_id: 7 })
   * await orders.create<{ items: { work_id: number }[] }>({ name: 'Mira', items: [{ work_id: 1 }, { work_id: 2 }] })
   * @throws UniqueConstraintError, NotNullConstraintError, CheckConstraintError, ForeignKeyConstraintError, ConstraintError.
   * @throws ValidationError for a value that the column could not give back, and for data that the table's schema refuses.
   */
  create(data: Insert): Promise<Row>
  create<Nested extends object = never>(data: Insert & NoInfer<Nested>): Promise<Row & CreatedWith<Nested>>

  /**
   * Inserts all rows or none, in order.
   *
   * @example
   * await works.createMany(rows, { onProgress: ({ done, total }) => bar.update(done / total) })
   * await tags.createMany(names.map((name) => ({ name })), { skipDuplicates: true })
   */
  createMany(
    rows: readonly Insert[],
    options: CreateManyOptions & { readonly returning: true },
  ): Promise<{ readonly count: number; readonly rows: Row[] }>
  createMany(rows: readonly Insert[], options?: CreateManyOptions): Promise<{ readonly count: number }>

  /**
   * The row with the unique key that the data have, made where it is not there; one that is there is left as it is.
   * Two callers at once get the same row.
   *
   * @example
   * const { row, created } = await tags.findOrCreate({ name: 'moon' })
   * @throws ValidationError when the data have values for no unique key, or for several.
   */
  findOrCreate(data: Insert, options?: ConflictOptions<Row>): Promise<{ readonly row: Row; readonly created: boolean }>

  /**
   * Changes the row with the unique key that the data have, or makes it, and returns it as it is then.
   *
   * @example
   * await settings.upsert({ key: 'theme', value: 'dark' })
   * await visits.upsert({ day, page, hits: 1 }, { conflict: ['day', 'page'], update: { hits: 2 } })
   * @throws ValidationError when the data have values for no unique key, or for several.
   */
  upsert(data: Insert, options?: UpsertOptions<Row, Update>): Promise<Row>

  /** `upsert` for many rows, in order, all or none. A later row changes what an earlier one of the same key has made. */
  upsertMany(
    rows: readonly Insert[],
    options?: UpsertOptions<Row, Update>,
  ): Promise<{ readonly count: number; readonly inserted: number; readonly updated: number }>

  /**
   * Changes one row and returns it as it is then: by key and patch, or by the row itself with its key in it.
   * `undefined` leaves a column as it is. A version in it is the one that the row is expected to have.
   *
   * @throws NotFoundError when there is no such row.
   * @throws StaleRowError when the table keeps versions and the row has another one.
   */
  update(id: RowKey<Row>, patch: Update): Promise<Row>
  update(entity: ChangedRow<Row, Update>): Promise<Row>

  /**
   * Changes all rows that match, in one statement.
   *
   * @example
   * const { count } = await works.updateMany({ status: 'draft', created_at: { lt: date } }, { status: 'expired' })
   * @param options `{ all: true }` where conditions that hold for every row are meant.
   */
  updateMany(where: Where<Row>, patch: Update, options?: AllRowsOptions): Promise<{ readonly count: number }>

  /**
   * Adds to a number where it is stored, so that callers at once all count, and returns the row. NULL counts as 0.
   *
   * @example
   * await works.increment(7, 'likes')
   * await works.increment(7, 'stock', -2)
   * @param by what is added, negative to take away. Default: 1.
   * @throws NotFoundError; ValidationError where there is no number, and for a sum beyond 64 bits.
   */
  increment(id: RowKey<Row>, column: CountedColumn<Row>, by?: number | bigint): Promise<Row>

  /** Removes one row; `false` when it was not there. */
  delete(id: RowKey<Row>): Promise<boolean>

  /**
   * Removes all rows that match, in one statement.
   *
   * @example
   * await sessions.deleteMany({ expires_at: { lt: new Date() } })
   * @param options `{ all: true }` where conditions that hold for every row are meant.
   */
  deleteMany(where: Where<Row>, options?: AllRowsOptions): Promise<{ readonly count: number }>
}

/** Columns that can hold a number. */
export type CountedColumn<Row> = {
  [K in keyof Row & string]: unknown extends Row[K] ? K : Extract<Row[K], number | bigint> extends never ? never : K
}[keyof Row & string]
