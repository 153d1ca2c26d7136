/** One page of rows behind or before a cursor. */
import type { Executor, Row } from '../engine/types.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { buildWithDateFormats } from './date-column.ts'
import { checkOptions, orderTerms, pageRows } from './find-options.ts'
import { compileKeyset, type Keyset, reversed } from './keyset.ts'
import { completeOrder, hasCompleteOrder, type OrderTerm, parseOrderBy } from './order-by.ts'
import type { CursorPage } from './paging-types.ts'
import { refuse } from './refusals.ts'
import { decodeRows } from './row-decoder.ts'
import type { TableModel } from './table-model.ts'

const OPTIONS = [
  'after',
  'before',
  'limit',
  'where',
  'orderBy',
  'orderDirection',
  'key',
  'select',
  'signal',
  'timeout',
] as const

/**
 * One row more than the page has tells whether there is more beyond it, and each row whether there is something on the
 * other side of the cursor: one statement, so all of it is from one point in time.
 */
export async function paginateByCursor(
  executor: Executor,
  model: TableModel,
  given: unknown,
): Promise<CursorPage<object>> {
  const options = checkOptions(model, 'paginateByCursor', given, OPTIONS)
  const limit = pageRows(options.limit)
  const terms = cursorOrder(model, options)
  const { backward, place } = startOf(model, terms, options)
  const keyset = await buildWithDateFormats(executor, () =>
    compileKeyset(model, {
      options,
      terms: backward ? reversed(terms) : terms,
      after: place,
      limit: limit + 1,
      lookBack: true,
    }),
  )

  const { rows } = await executor.execute(keyset.statement, keyset.read)
  const { places, hasBefore } = takePlaces(rows, keyset)
  const hasBeyond = rows.length > limit
  if (hasBeyond) {
    rows.pop()
    places.pop()
  }
  if (backward) {
    rows.reverse()
    places.reverse()
  }

  const cursorAt = (at: readonly SqlValue[] | undefined) => (at === undefined ? null : encodeCursor(model, terms, at))
  const startCursor = cursorAt(places[0])
  const endCursor = cursorAt(places.at(-1))
  const hasNext = backward ? hasBefore : hasBeyond
  const hasPrev = backward ? hasBeyond : hasBefore
  return {
    data: await decodeRows(rows, keyset.decode),
    nextCursor: hasNext ? endCursor : null,
    prevCursor: hasPrev ? startCursor : null,
    startCursor,
    endCursor,
  }
}

function takePlaces(rows: readonly Row[], { take }: Keyset): { places: SqlValue[][]; hasBefore: boolean } {
  const taken = rows.map(take)
  return { places: taken.map(({ place }) => place), hasBefore: taken[0]?.hasBefore ?? false }
}

interface Start {
  readonly backward: boolean
  readonly place: readonly SqlValue[] | null
}

function startOf(model: TableModel, terms: readonly OrderTerm[], options: Record<string, unknown>): Start {
  // A page without a next one says `null`, and who passes that on begins anew.
  const after = options.after ?? null
  const before = options.before ?? null
  if (after !== null && before !== null) throw refuse('before', 'cannot be given together with after')
  if (before !== null) return { backward: true, place: decodeCursor(model, terms, { name: 'before', cursor: before }) }
  const place = after === null ? null : decodeCursor(model, terms, { name: 'after', cursor: after })
  return { backward: false, place }
}

/** @throws ValidationError where no order of the rows can be complete, or a key is named where there is one. */
function cursorOrder(model: TableModel, options: Record<string, unknown>): readonly OrderTerm[] {
  const terms = orderTerms(model, options)
  const { key } = options
  if (hasCompleteOrder(model)) {
    if (key === undefined) return completeOrder(model, terms)
    throw refuse('key', `is for views; "${model.table.name}" has one of its own`)
  }
  if (Array.isArray(key) && key.length > 0 && key.every((name) => typeof name === 'string')) {
    const descending = terms.at(-1)?.descending ?? false
    const last = parseOrderBy(model, key).map((term) => ({ ...term, descending, nullsFirst: !descending }))
    return completeOrder(model, [...terms, ...last])
  }
  throw refuse(
    `paginateByCursor of "${model.table.name}"`,
    'has no key to tell its rows apart by',
    "Name the columns that do: { key: ['id'] }. Where no columns do, use paginate().",
  )
}
