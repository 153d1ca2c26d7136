/** The table that several processes write to at once. */

/** Ids follow the order of commits, since rows are only added. */
export const ROWS_SCHEMA =
  'CREATE TABLE IF NOT EXISTS written (id INTEGER PRIMARY KEY, writer INTEGER, n INTEGER, part INTEGER)'

/** Writer, number, and how many rows. */
export const ROWS_INSERT = `WITH RECURSIVE parts (part) AS (SELECT 1 UNION ALL SELECT part + 1 FROM parts WHERE part < ?3)
  INSERT INTO written (writer, n, part) SELECT ?1, ?2, part FROM parts`

/** What a process says of its writes. */
export interface Told {
  readonly committed: number
  /** Codes of those that were refused. */
  readonly refused: readonly string[]
}
