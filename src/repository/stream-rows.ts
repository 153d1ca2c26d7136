/** The rows of a table one after another, read in batches. */
import type { Executor, Row } from '../engine/types.ts'
import { AbortedError } from '../errors.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { buildWithDateFormats } from './date-column.ts'
import { checkOptions, compileSelect, orderTerms, wholeNumber } from './find-options.ts'
import { hasIndexOrder } from './index-order.ts'
import { compileKeyset, type Keyset, type KeysetParts } from './keyset.ts'
import { completeOrder, type OrderTerm } from './order-by.ts'
import { decodeRows, type RowDecoder } from './row-decoder.ts'
import type { TableModel } from './table-model.ts'

const OPTIONS = ['where', 'orderBy', 'orderDirection', 'limit', 'select', 'batchSize', 'signal'] as const

/** Rows read at a time: enough that the way to a thread and back does not count, few enough to hold. */
const DEFAULT_BATCH_ROWS = 1000
const MAX_BATCH_ROWS = 10_000

interface Streaming {
  readonly options: Record<string, unknown>
  readonly batchRows: number
  /** Rows still wanted. */
  readonly limit: number
}

/**
 * By key where an index brings the rows in order: each batch is a short read of its own. Where each batch would have to
 * sort the whole table again, or nothing tells the rows apart, all of them are one read.
 */
export async function* streamRows(executor: Executor, model: TableModel, given: unknown): AsyncGenerator<object, void> {
  const options = checkOptions(model, 'stream', given, OPTIONS)
  const streaming: Streaming = {
    options,
    batchRows: wholeNumber(options.batchSize, {
      name: 'batchSize',
      min: 1,
      max: MAX_BATCH_ROWS,
      fallback: DEFAULT_BATCH_ROWS,
    }),
    limit: wholeNumber(options.limit, {
      name: 'limit',
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
      fallback: Number.MAX_SAFE_INTEGER,
    }),
  }
  const signal = options.signal as AbortSignal | undefined
  const terms = completeOrder(model, orderTerms(model, options))
  // A key that may be NULL does not tell rows apart, and VACUUM gives rows without a key other rowids.
  const inBatches = model.hasWholeKey && hasIndexOrder(model, terms)
  const batches = inBatches ? byKey(executor, model, terms, streaming) : atOnce(executor, model, streaming)
  for await (const { rows, decode } of batches) {
    for (const row of await decodeRows(rows, decode)) {
      if (signal?.aborted === true) throw new AbortedError({ what: 'the stream' }, { cause: signal.reason })
      yield row
    }
  }
}

interface Batch {
  readonly rows: readonly Row[]
  readonly decode: RowDecoder | null
}

async function* byKey(
  executor: Executor,
  model: TableModel,
  terms: readonly OrderTerm[],
  { options, batchRows, limit }: Streaming,
): AsyncGenerator<Batch, void> {
  let after: readonly SqlValue[] | null = null
  for (let left = limit; left > 0; ) {
    const parts: KeysetParts = { options, terms, after, limit: Math.min(batchRows, left) }
    const keyset: Keyset = await buildWithDateFormats(executor, () => compileKeyset(model, parts))
    const { rows } = await executor.execute(keyset.statement, keyset.read)
    const last: SqlValue[] | undefined = rows.map((row) => keyset.take(row).place).at(-1)
    yield { rows, decode: keyset.decode }
    if (rows.length < parts.limit || last === undefined) return
    after = last
    left -= rows.length
  }
}

async function* atOnce(
  executor: Executor,
  model: TableModel,
  { options, batchRows, limit }: Streaming,
): AsyncGenerator<Batch, void> {
  const all = limit === Number.MAX_SAFE_INTEGER ? null : limit
  const { statement, decode } = await buildWithDateFormats(executor, () =>
    compileSelect(model, { options, limit: all, offset: 0, totalOrder: true }),
  )
  const signal = options.signal as AbortSignal | undefined
  for await (const rows of executor.stream(statement, { blockRows: batchRows, signal })) yield { rows, decode }
}
