/** The arguments of a search: checked, and brought together with the index they speak of. */
import { fullTextContent, fullTextTablesOver } from '../schema/full-text.ts'
import { findColumn, findTable } from '../schema/lookup.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import type { SchemaInfo, TableInfo } from '../schema/types.ts'
import { checkOptions, pageRows, wholeNumber } from './find-options.ts'
import { isPlainObject } from './json-text.ts'
import { matchExpression } from './match-expression.ts'
import { refuse } from './refusals.ts'
import { nameOf } from './row-key.ts'
import { rowidName, type TableModel } from './table-model.ts'

const OPTIONS = [
  'where',
  'orderBy',
  'orderDirection',
  'limit',
  'offset',
  'select',
  'signal',
  'timeout',
  'prefix',
  'syntax',
  'columns',
  'weights',
  'highlight',
  'snippet',
  'snippetWords',
  'using',
] as const
/** Enough to see what a match is about. */
const DEFAULT_SNIPPET_WORDS = 16
/** FTS5 gives no more. */
const MAX_SNIPPET_WORDS = 64

export interface Search {
  readonly options: Record<string, unknown>
  readonly index: FullTextIndex
  /** What FTS5 is to look for; `null`: nothing was asked. */
  readonly expression: string | null
  /** The caller wrote the expression, so what is wrong with it is the caller's. */
  readonly isExpression: boolean
  /** `bm25(…)`, where the columns do not all count the same. */
  readonly rank: string | null
  readonly limit: number
  readonly offset: number
  readonly highlight: readonly IndexColumn[]
  readonly snippet: readonly IndexColumn[]
  readonly snippetWords: number
}

export interface FullTextIndex {
  readonly table: TableInfo
  /** The column of the searched table that holds the index's rowids, as SQL. */
  readonly rowid: string
}

export interface IndexColumn {
  readonly name: string
  /** Its place in the index. */
  readonly position: number
}

/** @throws ValidationError for what cannot be used; ColumnNotFoundError for a column the index does not have. */
export function readSearch(model: TableModel, schema: SchemaInfo, text: unknown, given: unknown): Search {
  if (typeof text !== 'string') throw refuse('search', `needs a text to look for, got ${nameOf(text)}`)
  const options = checkOptions(model, 'search', given, OPTIONS)
  const { syntax = 'words', prefix = false } = options
  if (syntax !== 'words' && syntax !== 'fts5') throw refuse('syntax', "must be 'words' or 'fts5'")
  if (typeof prefix !== 'boolean') throw refuse('prefix', `must be true or false, got ${nameOf(prefix)}`)
  if (prefix && syntax === 'fts5') throw refuse('prefix', 'is for words', 'In an expression write "moo" * yourself.')

  const index = findIndex(model, schema, options.using)
  const columns = options.columns === undefined ? null : indexColumns(index, options.columns, 'columns')
  const names = columns === null ? null : columns.map(({ name }) => name)
  return {
    options,
    index,
    expression: matchExpression(text, { syntax, prefix, columns: names }),
    isExpression: syntax === 'fts5',
    rank: options.weights === undefined ? null : bm25(index, options.weights),
    limit: pageRows(options.limit),
    offset: wholeNumber(options.offset, { name: 'offset', min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 }),
    highlight: options.highlight === undefined ? [] : indexColumns(index, options.highlight, 'highlight'),
    snippet: options.snippet === undefined ? [] : indexColumns(index, options.snippet, 'snippet'),
    snippetWords: wholeNumber(options.snippetWords, {
      name: 'snippetWords',
      min: 1,
      max: MAX_SNIPPET_WORDS,
      fallback: DEFAULT_SNIPPET_WORDS,
    }),
  }
}

function findIndex(model: TableModel, schema: SchemaInfo, using: unknown): FullTextIndex {
  const { table } = model
  const over = fullTextTablesOver(schema, table)
  if (using !== undefined) return namedIndex(model, schema, over, using)
  if (table.module === 'fts5') return { table, rowid: rowidName(table) ?? 'rowid' }
  const [only, ...others] = over
  if (only === undefined) throw noIndex(table)
  if (others.length === 0) return overTable(only)
  throw refuse(
    `search of "${table.name}"`,
    `could use ${over.map(({ name }) => `"${name}"`).join(' or ')}`,
    `Say which: { using: '${only.name}' }.`,
  )
}

function overTable(index: TableInfo): FullTextIndex {
  return { table: index, rowid: quoteIdentifier(fullTextContent(index.sql)?.rowid ?? 'rowid') }
}

function namedIndex(
  { table }: TableModel,
  schema: SchemaInfo,
  over: readonly TableInfo[],
  using: unknown,
): FullTextIndex {
  if (typeof using !== 'string') throw refuse('using', `must be the name of an FTS5 table, got ${nameOf(using)}`)
  const index = findTable(schema, using)
  if (index.module !== 'fts5') throw refuse('using', `names "${index.name}", which is no FTS5 table`)
  if (over.includes(index)) return overTable(index)
  const rowid = table.kind === 'view' || table.withoutRowid ? null : rowidName(table)
  if (rowid === null) throw refuse('using', `cannot lead to "${table.name}", which has no rowid`)
  return { table: index, rowid }
}

function noIndex({ name, columns, rowidColumn }: TableInfo): Error {
  const texts = columns.filter(({ affinity }) => affinity === 'TEXT').map((column) => quoteIdentifier(column.name))
  const listed = texts.length === 0 ? '…' : texts.slice(0, 3).join(', ')
  const options = `content=${quoteIdentifier(name)}, content_rowid=${quoteIdentifier(rowidColumn ?? 'rowid')}`
  return refuse(
    `search of "${name}"`,
    'needs a full-text index, and there is none over this table',
    `Make one in a migration, with the triggers that keep it: CREATE VIRTUAL TABLE ${quoteIdentifier(`${name}_search`)} USING fts5(${listed}, ${options}). See docs/search.md.`,
  )
}

function indexColumns({ table }: FullTextIndex, names: unknown, option: string): IndexColumn[] {
  if (!Array.isArray(names) || names.length === 0) throw refuse(option, 'must be an array of at least one column')
  return names.map((name: unknown, at) => {
    if (typeof name !== 'string') throw refuse(`${option}[${at}]`, `must be the name of a column, got ${nameOf(name)}`)
    return indexColumn(table, name)
  })
}

function indexColumn(table: TableInfo, name: string): IndexColumn {
  const shown = { ...table, columns: table.columns.filter(({ hidden }) => !hidden) }
  const column = findColumn(shown, name)
  return { name: column.name, position: shown.columns.indexOf(column) }
}

/** https://sqlite.org/fts5.html#the_bm25_function */
function bm25({ table }: FullTextIndex, weights: unknown): string {
  if (!isPlainObject(weights))
    throw refuse('weights', `must be an object of columns and numbers, got ${nameOf(weights)}`)
  const all = table.columns.filter(({ hidden }) => !hidden).map(() => 1)
  for (const name of Object.keys(weights)) {
    const weight = weights[name]
    if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0) {
      throw refuse(`weights.${name}`, 'must be a number of at least 0')
    }
    all[indexColumn(table, name).position] = weight
  }
  return `bm25(${all.map((weight) => weight.toFixed(6)).join(', ')})`
}
