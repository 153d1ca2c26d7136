import type { ColumnInfo } from './types.ts'

/**
 * What the values of a column are to a program. `any`: the declaration does not say (no type, or a word that SQLite
 * does not know, such as `UUID`), so values are passed on as they are.
 */
export type ColumnKind = 'boolean' | 'json' | 'date' | 'number' | 'bigint' | 'text' | 'blob' | 'any'

/**
 * The kind of a column by its declared type, whatever its case: BOOL, BOOLEAN and `tinyint(1)`; JSON and JSONB; types
 * with a word that begins with DATE or TIMESTAMP; BIGINT and INT8; otherwise by affinity.
 *
 * @example
 * columnKind({ type: 'timestamp with time zone', affinity: 'NUMERIC' }) // 'date'
 * columnKind({ type: 'VARCHAR(20)', affinity: 'TEXT' }) // 'text'
 */
export function columnKind({ type, affinity }: Pick<ColumnInfo, 'type' | 'affinity'>): ColumnKind {
  if (/^\s*(?:bool(?:ean)?\b|tinyint\s*\(\s*1\s*\))/i.test(type)) return 'boolean'
  if (/^\s*jsonb?\b/i.test(type)) return 'json'
  if (/\b(?:date|timestamp)/i.test(type)) return 'date'
  if (/\b(?:bigint|int8|big\s+int)\b/i.test(type)) return 'bigint'
  switch (affinity) {
    case 'INTEGER':
    case 'REAL':
      return 'number'
    case 'TEXT':
      return 'text'
    case 'BLOB':
      return /blob/i.test(type) ? 'blob' : 'any'
    case 'NUMERIC':
      // NUMERIC is also what every unknown word gets: `STRING` and `UUID` columns hold text.
      return /\b(?:num|dec)/i.test(type) ? 'number' : 'any'
  }
}
