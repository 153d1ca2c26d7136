/** `upsertMany`: each row is made or changed, in order, all of them or none. */
import type { Executor, Statement, Transaction } from '../../engine/types.ts'
import { checkOptions } from '../find-options.ts'
import { NO_TIMEOUT_MS } from './create-many.ts'
import { readRows } from './read-rows.ts'
import { insertUnlessThere, type Upsert, updateStatement, upsertReader, writeAfterLooking } from './upsert.ts'
import type { WriteContext } from './write-context.ts'

export interface UpsertedMany {
  readonly count: number
  readonly inserted: number
  readonly updated: number
}

/** A later row of the same key changes what an earlier one has made. Counted is what SQLite reports. */
export async function upsertMany(context: WriteContext, rows: unknown, options: unknown): Promise<UpsertedMany> {
  const { executor, model, rules, maxBatchSize } = context
  const { conflict, update } = checkOptions(model, 'upsertMany', options, ['conflict', 'update'])
  const reader = await upsertReader(context, 'upsertMany', { conflict, update })
  const validation = { model, schema: rules.insertSchema, subject: 'upsertMany' }
  const upserts = await readRows(executor, validation, rows, (row) => reader.read(row))
  if (upserts.length === 0) return total([])

  const writeGroup = model.hasTriggersOrModule ? oneByOne : together
  // One group is all or nothing by itself.
  if (upserts.length <= maxBatchSize && !model.hasTriggersOrModule) return together(executor, context, upserts)
  return executor.transaction(
    async (tx) => {
      const counts: UpsertedMany[] = []
      for (let start = 0; start < upserts.length; start += maxBatchSize) {
        counts.push(await writeGroup(tx, context, upserts.slice(start, start + maxBatchSize)))
      }
      return total(counts)
    },
    { timeout: NO_TIMEOUT_MS },
  )
}

async function together(
  executor: Executor,
  { model }: WriteContext,
  upserts: readonly Upsert[],
): Promise<UpsertedMany> {
  const statements: { readonly statement: Statement; readonly kind: 'inserted' | 'updated' }[] = []
  for (const upsert of upserts) {
    const { change } = upsert
    if (change !== null) statements.push({ statement: updateStatement(model, upsert, change, null), kind: 'updated' })
    statements.push({ statement: insertUnlessThere(model, upsert, null), kind: 'inserted' })
  }
  const results = await executor.batch(statements.map(({ statement }) => statement))
  const counts = { inserted: 0, updated: 0 }
  for (const [index, { changes }] of results.entries()) counts[statements[index]?.kind ?? 'updated'] += changes
  return { count: counts.inserted + counts.updated, ...counts }
}

/** Triggers may move a row away between the two statements, so each is looked for first. */
async function oneByOne(tx: Transaction, { model }: WriteContext, upserts: readonly Upsert[]): Promise<UpsertedMany> {
  const counts = { inserted: 0, updated: 0 }
  for (const upsert of upserts) {
    const { created } = await writeAfterLooking(tx, model, upsert)
    if (created) counts.inserted++
    else if (upsert.change !== null) counts.updated++
  }
  return { count: counts.inserted + counts.updated, ...counts }
}

function total(counts: readonly UpsertedMany[]): UpsertedMany {
  const sum = { count: 0, inserted: 0, updated: 0 }
  for (const { count, inserted, updated } of counts) {
    sum.count += count
    sum.inserted += inserted
    sum.updated += updated
  }
  return sum
}
