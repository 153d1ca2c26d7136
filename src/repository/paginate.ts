/** One page of rows and the number of all of them, from one point in time. */
import type { Executor } from '../engine/types.ts'
import { buildWithDateFormats } from './date-column.ts'
import { callLimits, checkOptions, compileCount, PAGINATE_OPTIONS, pageRows, wholeNumber } from './find-options.ts'
import { refuse } from './refusals.ts'
import { compileFind } from './relations/find-loaded.ts'
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
  const { counting, finding } = await buildWithDateFormats(executor, () => ({
    counting: compileCount(model, options.where),
    finding: compileFind(model, { options, limit, offset, totalOrder: true, countAs }),
  }))
  let { objects, total } = await finding.finish((await executor.execute(finding.statement, finding.read)).rows)
  if (total === null && page > 1) {
    // Beyond the last page no row carries the total: the rare case that takes two statements, together.
    const [counted, found] = await executor.batch([counting, finding.statement], callLimits(options))
    const again = await finding.finish(found?.rows ?? [])
    objects = again.objects
    total = again.total ?? Number(counted?.rows[0]?.count)
  }
  total ??= 0

  return {
    data: objects,
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
