/** A read that takes long without any table, so that it is the same for all. */

/** Some 100 ms a million. */
export function longQuery(millions: number): string {
  return `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${millions}000000) SELECT count(*) AS count FROM n`
}
