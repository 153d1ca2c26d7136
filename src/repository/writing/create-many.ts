/**
 * Many rows in one transaction. Rows are inserted in the order given; neighbours with the same columns share an INSERT,
 * so that a column left out gets its default in that row alone.
 */
import type { Executor, Row, Statement, Transaction } from '../../engine/types.ts'
import { checkOptions } from '../find-options.ts'
import { refuse } from '../refusals.ts'
import type { RowData } from '../row-data.ts'
import type { TableModel } from '../table-model.ts'
import { type InsertOptions, insertAndRead, insertStatement } from './insert.ts'
import { InsertReader } from './insert-reader.ts'
import { readRows } from './read-rows.ts'
import type { WriteContext } from './write-context.ts'

/** No limit: the longest that a timer can be set to, 24 days. A long import is not a forgotten transaction. */
export const NO_TIMEOUT_MS = 2 ** 31 - 1
/** https://sqlite.org/limits.html#max_variable_number */
const MAX_PARAMETERS = 32_766

export interface Created {
  readonly count: number
  /** The rows as stored, not decoded; `null` unless asked for. */
  readonly rows: Row[] | null
}

/** `createMany`: all rows are checked before the first is sent. */
export async function createMany(context: WriteContext, rows: unknown, options: unknown): Promise<Created> {
  const { executor, model, rules, maxBatchSize } = context
  const checked = checkCreateManyOptions(model, options)
  const reader = new InsertReader(context, 'createMany')
  const validation = { model, schema: rules.insertSchema, subject: 'createMany' }
  const data = await readRows(executor, validation, rows, (row) => reader.read(row))
  return insertMany(executor, model, data, { ...checked, maxBatchSize })
}

interface CheckedOptions {
  readonly onProgress: ((progress: { done: number; total: number }) => unknown) | undefined
  readonly returning: boolean
  readonly skipDuplicates: boolean
}

function checkCreateManyOptions(model: TableModel, options: unknown): CheckedOptions {
  const checked = checkOptions(model, 'createMany', options, ['onProgress', 'returning', 'skipDuplicates'])
  const { onProgress, returning, skipDuplicates } = checked
  if (onProgress !== undefined && typeof onProgress !== 'function') throw refuse('onProgress', 'must be a function')
  if (returning !== undefined && typeof returning !== 'boolean') throw refuse('returning', 'must be true or false')
  if (skipDuplicates !== undefined && typeof skipDuplicates !== 'boolean') {
    throw refuse('skipDuplicates', 'must be true or false')
  }
  if (skipDuplicates === true && model.table.kind !== 'table') {
    throw refuse('skipDuplicates', `cannot be had here: "${model.table.name}" is no ordinary table`)
  }
  return {
    onProgress: onProgress as CheckedOptions['onProgress'],
    returning: returning ?? false,
    skipDuplicates: skipDuplicates ?? false,
  }
}

/** Inserts groups of at most `maxBatchSize` rows, calling `onProgress` after each; an error of its own undoes all. */
async function insertMany(
  executor: Executor,
  model: TableModel,
  rows: readonly RowData[],
  options: CheckedOptions & { readonly maxBatchSize: number },
): Promise<Created> {
  const { maxBatchSize, onProgress, returning, skipDuplicates } = options
  if (rows.length === 0) return { count: 0, rows: returning ? [] : null }
  const rereads = returning && model.readBack.by !== 'returning'
  // One group is all or nothing by itself and needs no transaction around it, unless a callback or a look at what
  // triggers left may undo it.
  if (rows.length <= maxBatchSize && onProgress === undefined && !rereads) {
    return insertGroup(executor, model, rows, options)
  }

  return executor.transaction(
    async (tx) => {
      let count = 0
      const stored: Row[] = []
      for (let start = 0; start < rows.length; start += maxBatchSize) {
        const group = rows.slice(start, start + maxBatchSize)
        const created = await (rereads
          ? insertAndReread(tx, model, group, skipDuplicates)
          : insertGroup(tx, model, group, options))
        count += created.count
        for (const row of created.rows ?? []) stored.push(row)
        await onProgress?.({ done: Math.min(start + maxBatchSize, rows.length), total: rows.length })
      }
      return { count, rows: returning ? stored : null }
    },
    { timeout: NO_TIMEOUT_MS },
  )
}

async function insertGroup(
  executor: Executor,
  model: TableModel,
  rows: readonly RowData[],
  { returning, skipDuplicates }: CheckedOptions,
): Promise<Created> {
  const insert = { returning: returning ? model.selectList : null, skipDuplicates }
  const results = await executor.batch(groupedInserts(model, rows, insert))
  if (returning) {
    const stored = results.flatMap((result) => result.rows)
    return { count: stored.length, rows: stored }
  }
  // SQLite counts what happens in tables: an INSERT that a view's trigger takes over counts as none.
  if (model.table.kind === 'view') return { count: rows.length, rows: null }
  return { count: results.reduce((sum, { changes }) => sum + changes, 0), rows: null }
}

async function insertAndReread(
  tx: Transaction,
  model: TableModel,
  rows: readonly RowData[],
  skipDuplicates: boolean,
): Promise<Created> {
  const stored = await insertAndRead(tx, model, rows, skipDuplicates)
  return { count: stored.length, rows: stored }
}

function groupedInserts(model: TableModel, rows: readonly RowData[], insert: InsertOptions): Statement[] {
  const statements: Statement[] = []
  let start = 0
  while (start < rows.length) {
    const { columns } = rows[start] as RowData
    let end = start + 1
    while (end < rows.length && sameColumns((rows[end] as RowData).columns, columns)) end++
    // DEFAULT VALUES inserts one row.
    const most = columns.length === 0 ? 1 : Math.floor(MAX_PARAMETERS / columns.length)
    while (start < end) {
      const size = Math.min(most, powerOfTwo(end - start))
      statements.push(insertStatement(model, rows.slice(start, start + size), insert))
      start += size
    }
  }
  return statements
}

function sameColumns(a: RowData['columns'], b: RowData['columns']): boolean {
  return a === b || (a.length === b.length && a.every((column, index) => column === b[index]))
}

/** The largest power of two up to `count`: a handful of texts, each prepared once, makes up any number of rows. */
function powerOfTwo(count: number): number {
  return 2 ** Math.floor(Math.log2(count))
}
