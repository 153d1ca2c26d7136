/** Lists of rows: validated and read before the first of them is sent. */
import type { Executor } from '../../engine/types.ts'
import { NoormmeError } from '../../errors.ts'
import { inSlices, nextSlice, SLICE_MS } from '../../util/slices.ts'
import { withDateFormats } from '../date-column.ts'
import { refuse } from '../refusals.ts'
import { nameOf } from '../row-key.ts'
import { type Validation, validateRow } from './validation.ts'

/**
 * What `read` makes of each row once its schema has passed it.
 *
 * @throws ValidationError, ColumnNotFoundError whose message names the row, counted from 1.
 */
export async function readRows<T>(
  executor: Executor,
  validation: Validation,
  rows: unknown,
  read: (row: unknown) => T,
): Promise<T[]> {
  const { subject } = validation
  if (!Array.isArray(rows)) throw refuse(subject, `needs an array of rows, got ${nameOf(rows)}`)
  const given: readonly unknown[] = validation.schema === null ? rows : await validateRows(validation, rows)
  const data: T[] = []
  await withDateFormats(executor, (formats) => {
    const step = (index: number) => formats.use(() => naming(subject, index, () => read(given[index])))
    return inSlices(given.length, (index) => data.push(step(index)), data.length)
  })
  return data
}

/** One after another: a schema that asks a service must not ask it ten thousand times at once. */
async function validateRows(validation: Validation, rows: readonly unknown[]): Promise<unknown[]> {
  const validated: unknown[] = []
  let until = performance.now() + SLICE_MS
  for (const [index, row] of rows.entries()) {
    if (performance.now() > until) {
      await nextSlice()
      until = performance.now() + SLICE_MS
    }
    const { subject } = validation
    const value = naming(subject, index, () => validateRow(validation, row))
    validated.push(value instanceof Promise ? await value.catch((error) => rethrow(subject, index, error)) : value)
  }
  return validated
}

function naming<T>(subject: string, index: number, run: () => T): T {
  try {
    return run()
  } catch (error) {
    return rethrow(subject, index, error)
  }
}

function rethrow(subject: string, index: number, error: unknown): never {
  // The error was made here and nobody else has seen it. V8 has put its message into the stack as well.
  if (error instanceof NoormmeError) {
    const { message } = error
    error.message = `row ${index + 1} of ${subject}: ${message}`
    error.stack = String(error.stack).replace(message, () => error.message)
  }
  throw error
}
