/** What came of a restore. */
export interface RestoreReport {
  readonly id: string
  readonly path: string
  readonly bytes: number
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>
  /** The state that it holds is that of this moment. */
  readonly createdAt: Date
  /** The last commit in it; `null` where that was not archived. */
  readonly commit: number | null
  /**
   * Whether it is certain that nothing was committed between `createdAt` and the moment that was asked for. It is not where the
   * archive has a gap, and where there is none.
   */
  readonly exact: boolean
  /** Where the database is that was there before, with its `-wal` if it had one; `null` when there was none. */
  readonly replaced: string | null
  /** A restore that had been interrupted was finished, and nothing else had to be done. */
  readonly resumed: boolean
}
