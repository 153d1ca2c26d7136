/** What one could write instead of a read for each row: pure, from the schema and the statements. */
import { foldName } from '../schema/naming.ts'
import type { SchemaInfo } from '../schema/types.ts'
import { lookupOf, tableRead } from '../sqlite/fingerprint.ts'

/** `list`: the read that most likely brought the rows for which `sql` is sent one by one. */
export function suggestJoin(sql: string, list: string | null, schema: Pick<SchemaInfo, 'tables'> | null): string {
  const lookup = lookupOf(sql)
  if (lookup === null) return 'Read what all of them need in one query.'

  const related = (schema?.tables ?? []).flatMap((table) =>
    table.relations
      .filter(
        (relation) =>
          same(relation.table, lookup.table) &&
          relation.kind !== 'manyToMany' &&
          relation.referencedColumns.length === 1 &&
          same(relation.referencedColumns[0] ?? '', lookup.column),
      )
      .map(({ name }) => ({ table: table.name, name })),
  )
  const listed = list === null ? null : tableRead(list)
  const fitting = listed === null ? [] : related.filter(({ table }) => same(table, listed))
  const [only, ...others] = fitting.length > 0 ? fitting : related
  const key = JSON.stringify(lookup.column)
  const together = `Read them in one query: where: { ${/^"[A-Za-z_]\w*"$/.test(key) ? key.slice(1, -1) : key}: [...] }`
  if (only === undefined || others.length > 0) return `${together}.`
  return `Read them with the rows of "${only.table}": with: { ${only.name}: true }. ${together.replace('Read', 'Or read')}.`
}

function same(a: string, b: string): boolean {
  return foldName(a) === foldName(b)
}
