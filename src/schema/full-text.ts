/** Full-text indexes: which FTS5 tables there are, and whose rows they index (https://sqlite.org/fts5.html). */
import { tokenize, unquote } from '../sqlite/tokenizer.ts'
import { foldName } from './naming.ts'
import type { SchemaInfo, TableInfo } from './types.ts'

/** The table whose text an FTS5 table indexes without keeping it. */
export interface FullTextContent {
  readonly table: string
  /** The column of that table whose values are the rowids of the index. */
  readonly rowid: string
}

/** SQLite stores the statement without IF NOT EXISTS and without a schema: CREATE VIRTUAL TABLE name USING fts5 (…). */
const FIRST_ARGUMENT_TOKEN = 7

/**
 * `content` and `content_rowid` as they stand in the statement of an FTS5 table; `null` where it keeps its text itself, or
 * keeps none.
 *
 * @example
 * fullTextContent("CREATE VIRTUAL TABLE f USING fts5(title, content='works', content_rowid='id')")
 * // { table: 'works', rowid: 'id' }
 */
export function fullTextContent(sql: string): FullTextContent | null {
  const options = optionsOf(sql)
  const table = options.get('content') ?? ''
  return table === '' ? null : { table, rowid: options.get('content_rowid') ?? 'rowid' }
}

/** The FTS5 tables whose content is this table, by name order. */
export function fullTextTablesOver(schema: SchemaInfo, table: TableInfo): readonly TableInfo[] {
  return schema.tables.filter(
    ({ module, sql }) => module === 'fts5' && foldName(fullTextContent(sql)?.table ?? '') === foldName(table.name),
  )
}

/** `name = value` among the arguments; what else stands there are columns. */
function optionsOf(sql: string): Map<string, string> {
  const texts = [...tokenize(sql)].map(({ start, end }) => sql.slice(start, end)).slice(FIRST_ARGUMENT_TOKEN)
  const options = new Map<string, string>()
  for (let index = 0; index + 2 < texts.length; index++) {
    const [name = '', sign, value = ''] = texts.slice(index, index + 3)
    if (sign === '=') options.set(name.toLowerCase(), unquote(value))
  }
  return options
}
