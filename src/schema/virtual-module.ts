import { tokenize } from '../sqlite/tokenizer.ts'

/** SQLite stores the statement without IF NOT EXISTS and without a schema: CREATE VIRTUAL TABLE name USING module. */
const MODULE_TOKEN = 5

/**
 * The module of a virtual table, read from its stored CREATE statement, in lower case because SQLite compares module
 * names so; `null` when the statement has none.
 *
 * @example
 * virtualModule('CREATE VIRTUAL TABLE "a b" USING FTS5(x)') // 'fts5'
 */
export function virtualModule(sql: string): string | null {
  let index = 0
  for (const { start, end } of tokenize(sql)) {
    if (index++ === MODULE_TOKEN) return unquote(sql.slice(start, end)).toLowerCase()
  }
  return null
}

/** A name without the quotes it may stand in, https://sqlite.org/lang_keywords.html */
function unquote(name: string): string {
  const open = name.charAt(0)
  if (!/["'`[]/.test(open)) return name
  const close = open === '[' ? ']' : open
  return name.slice(1, -1).replaceAll(close + close, close)
}
