/**
 * Many rows in one transaction. Rows are inserted in the order given; neighbours with the same columns share an INSERT,
 * so that a column left out gets its default in that row alone.
 */
import type { Executor, Row, Statement, Transaction } from '../engine/types.ts'
import { NoormmeError } from '../errors.ts'
import { inSlices } from '../util/slices.ts'
import { withDateFormats } from './date-column.ts'
import { checkOptions } from './find-options.ts'
import { insertAndRead, insertStatement } from './insert.ts'
import { refuse } from './refusals.ts'
import { type RowData, RowReader } from './row-data.ts'
import { nameOf } from './row-key.ts'
import type { TableModel } from './table-model.ts'

/** No limit: the longest that a timer can be set to, 24 days. A long import is not a forgotten transaction. */
const NO_TIMEOUT_MS = 2 ** 31 - 1
/** https://sqlite.org/limits.html#max_variable_number */
const MAX_PARAMETERS = 32_766

export interface Created {
  readonly count: number
  /** The rows as stored, not decoded; `null` unless asked for. */
  readonly rows: Row[] | null
}

/** The data of all rows, checked before the first is sent. */
export async function readRows(executor: Executor, model: TableModel, rows: unknown): Promise<RowData[]> {
  if (!Array.isArray(rows)) throw refuse('createMany', `needs an array of rows, got ${nameOf(rows)}`)
  const reader = new RowReader(model, 'createMany')
  const data: RowData[] = []
  await withDateFormats(executor, (formats) => {
    const read = (index: number) => formats.use(() => readRow(reader, rows[index], index))
    return inSlices(rows.length, (index) => data.push(read(index)), data.length)
  })
  return data
}

function readRow(reader: RowReader, row: unknown, index: number): RowData {
  try {
    return reader.read(row)
  } catch (error) {
    // The error was made here and nobody else has seen it. V8 has put its message into the stack as well.
    if (error instanceof NoormmeError) {
      const { message } = error
      error.message = `row ${index + 1} of createMany: ${message}`
      error.stack = String(error.stack).replace(message, () => error.message)
    }
    throw error
  }
}

export function checkCreateManyOptions(
  model: TableModel,
  options: unknown,
): {
  readonly onProgress: ((progress: { done: number; total: number }) => unknown) | undefined
  readonly returning: boolean
} {
  const { onProgress, returning } = checkOptions(model, 'createMany', options, ['onProgress', 'returning'])
  if (onProgress !== undefined && typeof onProgress !== 'function') throw refuse('onProgress', 'must be a function')
  if (returning !== undefined && typeof returning !== 'boolean') throw refuse('returning', 'must be true or false')
  return {
    onProgress: onProgress as ((progress: { done: number; total: number }) => unknown) | undefined,
    returning: returning ?? false,
  }
}

/** Inserts groups of at most `maxBatchSize` rows, calling `onProgress` after each; an error of its own undoes all. */
export async function createMany(
  executor: Executor,
  model: TableModel,
  rows: readonly RowData[],
  options: ReturnType<typeof checkCreateManyOptions> & { readonly maxBatchSize: number },
): Promise<Created> {
  const { maxBatchSize, onProgress, returning } = options
  if (rows.length === 0) return { count: 0, rows: returning ? [] : null }
  const rereads = returning && model.readBack.by !== 'returning'
  // One group is all or nothing by itself and needs no transaction around it, unless a callback or a look at what
  // triggers left may undo it.
  if (rows.length <= maxBatchSize && onProgress === undefined && !rereads) {
    return insertGroup(executor, model, rows, returning)
  }

  return executor.transaction(
    async (tx) => {
      let count = 0
      const stored: Row[] = []
      for (let start = 0; start < rows.length; start += maxBatchSize) {
        const group = rows.slice(start, start + maxBatchSize)
        const created = await (rereads ? insertAndReread(tx, model, group) : insertGroup(tx, model, group, returning))
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
  returning: boolean,
): Promise<Created> {
  const results = await executor.batch(groupedInserts(model, rows, returning ? model.selectList : null))
  if (returning) {
    const stored = results.flatMap((result) => result.rows)
    return { count: stored.length, rows: stored }
  }
  // SQLite counts what happens in tables: an INSERT that a view's trigger takes over counts as none.
  if (model.table.kind === 'view') return { count: rows.length, rows: null }
  return { count: results.reduce((sum, { changes }) => sum + changes, 0), rows: null }
}

async function insertAndReread(tx: Transaction, model: TableModel, rows: readonly RowData[]): Promise<Created> {
  const stored = await insertAndRead(tx, model, rows)
  return { count: stored.length, rows: stored }
}

function groupedInserts(model: TableModel, rows: readonly RowData[], returning: string | null): Statement[] {
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
      statements.push(insertStatement(model, rows.slice(start, start + size), returning))
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
