/** One page of rows and the number of all of them, from one point in time. */
import type { Executor, Row } from '../engine/types.ts'
import { withDateFormats } from './date-column.ts'
import {
  callLimits,
  checkOptions,
  compileCount,
  compileSelect,
  PAGINATE_OPTIONS,
  pageRows,
  wholeNumber,
} from './find-options.ts'
import { refuse } from './refusals.ts'
import { decodeRows } from './row-decoder.ts'
import type { TableModel } from './table-model.ts'
import type { Page } from './types.ts'

/**
 * The rows carry the total with them, so that page and total are one statement: a read like any other.
 *
 * @throws ValidationError for a page or limit that is no whole number in its range.
 */
export async function paginate(executor: Executor, model: TableModel, given: unknown): Promise<Page<object>> {
  const options = checkOptions(model, 'paginate', given, PAGINATE_OPTIONS)
  const page = wholeNumber(options.page, { name: 'page', min: 1, max: Number.MAX_SAFE_INTEGER, fallback: 1 })
  const limit = pageRows(options.limit)
  const offset = (page - 1) * limit
  if (!Number.isSafeInteger(offset)) throw refuse('page', 'is beyond any row that SQLite can count')

  const countAs = model.freeName('all rows')
  const { counting, selection } = await withDateFormats(executor, () => ({
    counting: compileCount(model, options.where),
    selection: compileSelect(model, { options, limit, offset, totalOrder: true, countAs }),
  }))
  let { rows } = await executor.execute(selection.statement, selection.read)
  let total = takeTotal(rows, countAs)
  if (total === null && page > 1) {
    // Beyond the last page no row carries the total: the rare case that takes two statements, together.
    const [counted, found] = await executor.batch([counting, selection.statement], callLimits(options))
    rows = found?.rows ?? []
    total = takeTotal(rows, countAs) ?? Number(counted?.rows[0]?.count)
  }
  total ??= 0

  return {
    data: await decodeRows(rows, selection.decode),
    pagination: {
      page,
      limit,
      total,
      totalPages: Math.ceil(total / limit),
      hasNext: offset + limit < total,
      hasPrev: page > 1,
    },
  }
}

/** Takes the total out of each row, which leaves the row as the caller expects it; `null` when there is none. */
function takeTotal(rows: readonly Row[], countAs: string): number | null {
  const total = rows[0]?.[countAs]
  for (const row of rows) delete row[countAs]
  return total === undefined ? null : Number(total)
}
