/** The plan of a statement, as indented lines. https://sqlite.org/eqp.html */

interface Reader {
  execute(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

/** @param sql a statement, or what is left of it without its literals. `null` where SQLite cannot plan it. */
export async function explain(reader: Reader, sql: string): Promise<string[] | null> {
  try {
    const { rows } = await reader.execute(`EXPLAIN QUERY PLAN ${sql.replace(/,\s*…/g, '')}`)
    const depths = new Map<unknown, number>([[0, -1]])
    return rows.map(({ id, parent, detail }) => {
      const depth = (depths.get(parent) ?? -1) + 1
      depths.set(id, depth)
      return '  '.repeat(depth) + String(detail)
    })
  } catch {
    // A table that is gone, a PRAGMA, a text that was cut: there is no plan to show.
    return null
  }
}
