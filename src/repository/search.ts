/** Full-text search of the rows of one table. */
import type { Executor, Row, Statement } from '../engine/types.ts'
import { isNoormmeError, ValidationError } from '../errors.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import type { SchemaInfo } from '../schema/types.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { buildWithDateFormats } from './date-column.ts'
import { callLimits, orderTerms, selectedColumns, whereSql } from './find-options.ts'
import { orderBySql } from './order-by.ts'
import { type RowDecoder, rowDecoder, selectList } from './row-decoder.ts'
import { readSearch, type Search } from './search-options.ts'
import type { SearchHit, TextPiece } from './search-types.ts'
import type { TableModel } from './table-model.ts'

/** Before and after each match in what SQLite returns: a control character, which no text for people has. */
const MARK = '\u0002'

export interface SearchArguments {
  readonly model: TableModel
  readonly schema: SchemaInfo
  readonly text: unknown
  readonly options: unknown
}

export async function search(executor: Executor, given: SearchArguments): Promise<SearchHit<object>[]> {
  const { model } = given
  const wanted = readSearch(model, given.schema, given.text, given.options)
  const compiled = await buildWithDateFormats(executor, () => compileSearch(model, wanted))
  if (wanted.expression === null) return []
  try {
    const { rows } = await executor.execute(compiled.statement, callLimits(wanted.options))
    return rows.map((row) => toHit(row, compiled))
  } catch (error) {
    if (!wanted.isExpression || !isNoormmeError(error, 'NOORMME_STATEMENT')) throw error
    throw new ValidationError(
      { subject: 'search', reason: `could not be run: ${error.context.reason}`, advice: EXPRESSIONS },
      { cause: error },
    )
  }
}

const EXPRESSIONS =
  'The expression must follow https://sqlite.org/fts5.html#full_text_query_syntax; leave syntax out for what people type.'

/** A column of the result that is no part of the row. */
interface Extra {
  readonly name: string
  readonly sql: string
}

interface Compiled {
  readonly statement: Statement
  readonly decode: RowDecoder | null
  readonly rowid: Extra
  readonly rank: Extra
  /** By the name of their column. */
  readonly highlights: ReadonlyMap<string, Extra>
  readonly snippets: ReadonlyMap<string, Extra>
}

/**
 * The index is searched first, by itself, and gives rowid, rank and texts under names that no column of the table has: so
 * conditions and order mean the table's columns.
 */
function compileSearch(model: TableModel, wanted: Search): Compiled {
  const { options, index, expression, rank: ranking } = wanted
  const fts = quoteIdentifier(index.table.name)
  const extra = (wish: string, sql: string): Extra => ({ name: model.freeName(wish), sql })
  const rowid = extra('found rowid', 'rowid')
  const rank = extra('found rank', 'rank')
  const marks = `'${MARK}', '${MARK}'`
  const highlights = new Map(
    wanted.highlight.map(({ name, position }) => [
      name,
      extra(`highlight ${position}`, `highlight(${fts}, ${position}, ${marks})`),
    ]),
  )
  const snippets = new Map(
    wanted.snippet.map(({ name, position }) => [
      name,
      extra(`snippet ${position}`, `snippet(${fts}, ${position}, ${marks}, '…', ${wanted.snippetWords})`),
    ]),
  )
  const extras = [rowid, rank, ...highlights.values(), ...snippets.values()]

  const parameters: SqlValue[] = [expression]
  if (ranking !== null) parameters.push(ranking)
  const found =
    `SELECT ${extras.map(({ name, sql }) => `${sql} AS ${quoteIdentifier(name)}`).join(', ')} FROM ${fts}` +
    ` WHERE ${fts} MATCH ?${ranking === null ? '' : ' AND rank MATCH ?'}`
  const columns = selectedColumns(model, options.select)
  const list = [selectList(columns), ...extras.map(({ name }) => quoteIdentifier(name))].join(', ')
  const on = `${model.sql}.${index.rowid} = ${quoteIdentifier(rowid.name)}`
  const where = whereSql(model, options.where, parameters)
  const terms = orderTerms(model, options)
  // By the rank alone, which FTS5 sorts by itself: https://sqlite.org/fts5.html#sorting_by_auxiliary_function_results
  const order = terms.length === 0 ? ` ORDER BY ${quoteIdentifier(rank.name)}` : orderBySql(terms)
  parameters.push(wanted.limit, wanted.offset)
  return {
    statement: {
      sql: `SELECT ${list} FROM (${found}) JOIN ${model.sql} ON ${on}${where}${order} LIMIT +? OFFSET +?`,
      parameters,
    },
    decode: rowDecoder(columns),
    rowid,
    rank,
    highlights,
    snippets,
  }
}

function toHit(row: Row, { decode, rowid, rank, highlights, snippets }: Compiled): SearchHit<object> {
  const take = ({ name }: Extra): SqlValue => {
    const value = row[name] as SqlValue
    delete row[name]
    return value
  }
  const pieces = (extras: ReadonlyMap<string, Extra>) =>
    Object.fromEntries([...extras].map(([column, extra]) => [column, toPieces(take(extra))]))
  const hit = {
    rowid: take(rowid) as number | bigint,
    rank: take(rank) as number,
    highlights: pieces(highlights),
    snippets: pieces(snippets),
  }
  return { row: decode === null ? row : decode(row), ...hit }
}

/** Every second piece is a match. */
function toPieces(marked: SqlValue): TextPiece[] {
  if (typeof marked !== 'string') return []
  return marked
    .split(MARK)
    .map((text, index) => ({ text, match: index % 2 === 1 }))
    .filter(({ text }) => text !== '')
}
