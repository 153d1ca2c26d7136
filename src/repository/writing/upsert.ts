/**
 * `upsert` and `findOrCreate`: the row with this unique key is changed, or left alone, or made.
 *
 * Not by SQLite's `ON CONFLICT DO UPDATE`: that checks NOT NULL and CHECK on the row it would have inserted, and fires
 * its BEFORE INSERT triggers, also where it then updates. Here an UPDATE is followed by an INSERT that does nothing where
 * the row is there, all or nothing and with nobody in between; so it is known as well which of the two it was.
 */
import type { Executor, ResultSet, Row, Statement, Transaction } from '../../engine/types.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { buildWithDateFormats } from '../date-column.ts'
import { checkOptions } from '../find-options.ts'
import { refuse } from '../refusals.ts'
import { type RowData, RowReader } from '../row-data.ts'
import type { ColumnModel } from '../row-decoder.ts'
import { nameOf } from '../row-key.ts'
import type { TableModel } from '../table-model.ts'
import { type Change, changeOf, refuseVersion } from './change.ts'
import { type ConflictTarget, ConflictTargets, valuesOf } from './conflict-target.ts'
import { ignored, insertAndRead } from './insert.ts'
import { InsertReader } from './insert-reader.ts'
import { rereads, updateRow } from './update-row.ts'
import { validatePatch, validateRow } from './validation.ts'
import type { WriteContext } from './write-context.ts'

/** One row to be made or changed. */
export interface Upsert {
  readonly row: RowData
  readonly target: ConflictTarget
  readonly key: readonly SqlValue[]
  /** `null`: a row that is there is left as it is. */
  readonly change: Change | null
}

export interface Upserted {
  readonly row: Row
  readonly created: boolean
}

/** Reads rows for one call of a method. */
export interface UpsertReader {
  /** Compiles dates, so it runs where their forms can be looked up. */
  read(data: unknown): Upsert
}

export async function upsert(context: WriteContext, data: unknown, options: unknown): Promise<Row> {
  const { executor, model, rules } = context
  const { conflict, update } = checkOptions(model, 'upsert', options, ['conflict', 'update'])
  const reader = await upsertReader(context, 'upsert', { conflict, update })
  const validated = await validateRow({ model, schema: rules.insertSchema, subject: 'upsert' }, data)
  const { row } = await write(executor, model, await buildWithDateFormats(executor, () => reader.read(validated)))
  return row
}

export async function findOrCreate(context: WriteContext, data: unknown, options: unknown): Promise<Upserted> {
  const { executor, model, rules } = context
  const { conflict } = checkOptions(model, 'findOrCreate', options, ['conflict'])
  const reader = await upsertReader(context, 'findOrCreate', { conflict, update: [] })
  const validated = await validateRow({ model, schema: rules.insertSchema, subject: 'findOrCreate' }, data)
  const found = await buildWithDateFormats(executor, () => reader.read(validated))
  // It is there nearly always, and then nothing has to wait for the writer.
  const { rows } = await executor.execute(search(model, found), model.point)
  return rows[0] === undefined ? write(executor, model, found) : { row: rows[0], created: false }
}

/** Checks the options; what `update` says is the same for every row of the call. */
export async function upsertReader(
  context: WriteContext,
  method: string,
  { conflict, update }: { readonly conflict: unknown; readonly update: unknown },
): Promise<UpsertReader> {
  const { executor, model, rules } = context
  const targets = new ConflictTargets(model, method, conflict)
  const columns = Array.isArray(update) ? update.map((name, index) => namedColumn(model, name, index)) : null
  const isPatch = columns === null && update !== undefined
  const patch = isPatch
    ? await validatePatch({ model, schema: rules.updateSchema, subject: `update of ${method}` }, update)
    : null
  const reader = new RowReader(model, method)
  const completer = new InsertReader(context, method)
  const given = await buildWithDateFormats(executor, () =>
    isPatch ? new RowReader(model, `update of ${method}`).read(patch) : null,
  )
  return {
    read(data) {
      const plain = reader.read(data)
      const row = completer.complete(plain)
      const target = targets.of(row)
      const stored =
        given ?? (columns === null ? changedByDefault(context, plain, target) : picked(plain, columns, method))
      for (const data of [plain, stored])
        refuseVersion(context, data, method, 'Leave it out, or use update() with the row as it was read.')
      const fixed = stored.columns.find((column) => target.columns.includes(column))
      if (fixed !== undefined) throw refuse(fixed.path, `is what ${method} finds the row by, so it stays as it is`)
      return {
        row,
        target,
        key: valuesOf(target, row),
        change: stored.columns.length === 0 ? null : changeOf(context, stored),
      }
    },
  }
}

/** Everything that was given but the row's keys and the moment it was made. */
function changedByDefault({ model, rules }: WriteContext, row: RowData, target: ConflictTarget): RowData {
  const stays = new Set<ColumnModel>([...target.columns, ...model.key])
  if (rules.createdAt !== null) stays.add(model.column(rules.createdAt.column))
  return pick(
    row,
    row.columns.filter((column) => !stays.has(column)),
  )
}

function picked(row: RowData, columns: readonly ColumnModel[], method: string): RowData {
  const missing = columns.find((column) => !row.columns.includes(column))
  if (missing === undefined) return pick(row, columns)
  throw refuse(missing.path, `is to be updated by ${method}, and the data has no value for it`)
}

function pick(row: RowData, columns: readonly ColumnModel[]): RowData {
  return { columns, values: columns.map((column) => row.values[row.columns.indexOf(column)] as SqlValue) }
}

function namedColumn(model: TableModel, name: unknown, index: number): ColumnModel {
  if (typeof name !== 'string') throw refuse(`update[${index}]`, `must be the name of a column, got ${nameOf(name)}`)
  return model.column(name)
}

async function write(executor: Executor, model: TableModel, upserted: Upsert): Promise<Upserted> {
  const { change } = upserted
  if (model.hasTriggersOrModule || (change !== null && rereads(model, change.data.columns))) {
    return executor.transaction((tx) => writeAfterLooking(tx, model, upserted))
  }
  const first = change === null ? search(model, upserted) : updateStatement(model, upserted, change, model.selectList)
  const [found, made] = (await executor.batch([first, insertUnlessThere(model, upserted, model.selectList)])) as [
    ResultSet,
    ResultSet,
  ]
  const row = found.rows[0] ?? made.rows[0]
  if (row === undefined) throw ignored(model)
  return { row, created: found.rows.length === 0 }
}

/** Where triggers may move a row or its key, the row is looked for first; the transaction keeps others out. */
export async function writeAfterLooking(tx: Transaction, model: TableModel, upserted: Upsert): Promise<Upserted> {
  const { row, target, key, change } = upserted
  const after = search(model, upserted)
  const { rows } = await tx.execute(after)
  if (rows[0] === undefined) {
    const [made] = await insertAndRead(tx, model, [row])
    return { row: made as Row, created: true }
  }
  if (change === null) return { row: rows[0], created: false }
  const changed = await updateRow(tx, model, { where: target.where, parameters: key, after }, change, async () => {
    throw ignored(model)
  })
  return { row: changed, created: false }
}

function search({ sql, selectList }: TableModel, { target, key }: Upsert): Statement {
  return { sql: `SELECT ${selectList} FROM ${sql} WHERE ${target.where}`, parameters: key }
}

export function updateStatement(
  { sql }: TableModel,
  { target, key }: Upsert,
  { set, parameters }: Change,
  returning: string | null,
): Statement {
  const tail = returning === null ? '' : ` RETURNING ${returning}`
  return { sql: `UPDATE ${sql} SET ${set} WHERE ${target.where}${tail}`, parameters: [...parameters, ...key] }
}

export function insertUnlessThere(
  { sql }: TableModel,
  { row, target, key }: Upsert,
  returning: string | null,
): Statement {
  const columns = row.columns.map((column) => column.sql).join(', ')
  const places = row.columns.map(() => '?').join(', ')
  const tail = returning === null ? '' : ` RETURNING ${returning}`
  return {
    sql: `INSERT INTO ${sql} (${columns}) SELECT ${places} WHERE NOT EXISTS (SELECT 1 FROM ${sql} WHERE ${target.where})${tail}`,
    parameters: [...row.values, ...key],
  }
}
