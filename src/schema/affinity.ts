import type { ColumnInfo } from './types.ts'

/**
 * The affinity SQLite gives a column, by its declared type: the first rule that applies wins
 * (https://sqlite.org/datatype3.html#determination_of_column_affinity).
 *
 * In a STRICT table `ANY` converts nothing, which is the BLOB affinity; elsewhere it is an unknown word and so NUMERIC
 * (https://sqlite.org/stricttables.html).
 */
export function columnAffinity(type: string, table: { readonly strict: boolean }): ColumnInfo['affinity'] {
  if (/int/i.test(type)) return 'INTEGER'
  if (/char|clob|text/i.test(type)) return 'TEXT'
  if (type === '' || /blob/i.test(type)) return 'BLOB'
  if (/real|floa|doub/i.test(type)) return 'REAL'
  return table.strict && type.toUpperCase() === 'ANY' ? 'BLOB' : 'NUMERIC'
}
