/** `create`: one row, or a row and the rows of its relations in one transaction. */
import type { Statement, Transaction } from '../../engine/types.ts'
import { buildWithDateFormats } from '../date-column.ts'
import { keyValues } from '../row-key.ts'
import { createTree, type ModelledRow } from './create-tree.ts'
import { insertOne, removed } from './insert.ts'
import { InsertReader } from './insert-reader.ts'
import { takeApart } from './relation-data.ts'
import { validateRow } from './validation.ts'
import type { WriteContext } from './write-context.ts'

/** The row as stored, decoded, with the rows of the relations that were made with it. */
export async function create(context: WriteContext, data: unknown): Promise<object> {
  const { executor, model, rules } = context
  const parts = takeApart(model, data, 'create')
  if (parts.related.length > 0) {
    return executor.transaction(async (tx) => {
      const made: ModelledRow[] = []
      const row = await createTree({ tx, context, made }, parts)
      await lookAgain(tx, made)
      return row
    })
  }
  const validated = await validateRow({ model, schema: rules.insertSchema, subject: 'create' }, parts.own)
  const reader = new InsertReader(context, 'create')
  const row = await insertOne(executor, model, await buildWithDateFormats(executor, () => reader.read(validated)))
  return model.decode === null ? row : model.decode(row)
}

/** Triggers of rows made later may have changed earlier ones: a total, a counter. */
async function lookAgain(tx: Transaction, made: readonly ModelledRow[]): Promise<void> {
  if (!made.some(({ model }) => model.hasTriggersOrModule)) return
  const known = made.filter(({ model }) => model.key.length > 0)
  const reads = known.map(({ model, row }): Statement => {
    const key = Object.fromEntries(model.key.map(({ name }) => [name, row[name]]))
    return { sql: model.selectByKey, parameters: keyValues(model, key, 'create') }
  })
  const results = await tx.batch(reads)
  for (const [index, { model, row }] of known.entries()) {
    const found = results[index]?.rows[0]
    if (found === undefined) throw removed(model)
    Object.assign(row, model.decode === null ? found : model.decode(found))
  }
}
