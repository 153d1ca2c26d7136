/** One row is changed and given back as it is then. */
import type { Executor, Row, Statement } from '../../engine/types.ts'
import { NotFoundError, StaleRowError, ValidationError } from '../../errors.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { buildWithDateFormats } from '../date-column.ts'
import { columnToWrite, RowReader, rowObject } from '../row-data.ts'
import type { ColumnModel } from '../row-decoder.ts'
import { keyValues } from '../row-key.ts'
import type { TableModel } from '../table-model.ts'
import { type Change, changeOf, versionOf } from './change.ts'
import { ignored, removed } from './insert.ts'
import { validatePatch } from './validation.ts'
import type { WriteContext } from './write-context.ts'

/** Which row, as SQL, and how it is found when it has been changed. */
export interface RowTarget {
  readonly where: string
  readonly parameters: readonly SqlValue[]
  /** A SELECT of it under its new values. */
  readonly after: Statement
}

/** What `update` was asked to do. */
interface Request {
  readonly key: readonly SqlValue[]
  /** The version that the row is expected to have; `undefined`: any. */
  readonly version: SqlValue | undefined
  readonly patch: unknown
  /** The patch is a row that was read: what SQLite computes in it is left to SQLite. */
  readonly isEntity: boolean
}

/**
 * `update(id, patch)` and `update(row)`.
 *
 * @throws NotFoundError, StaleRowError, ValidationError, what the table says.
 */
export async function update(context: WriteContext, idOrEntity: unknown, patch: unknown): Promise<Row> {
  const { executor, model, rules } = context
  model.requireKey('update')
  const isEntity = patch === undefined && typeof idOrEntity === 'object' && idOrEntity !== null
  const request = await buildWithDateFormats(executor, () =>
    isEntity ? entityRequest(context, rowObject(idOrEntity, 'update')) : patchRequest(context, idOrEntity, patch),
  )
  const validated = await validatePatch({ model, schema: rules.updateSchema, subject: 'update' }, request.patch)
  const reader = new RowReader(model, 'update', { ignoreGenerated: isEntity })
  const change = await buildWithDateFormats(executor, () => changeOf(context, reader.read(validated)))
  if (change.data.columns.length > 0 || request.version !== undefined) return updateByKey(context, request, change)

  const { rows } = await executor.execute({ sql: model.selectByKey, parameters: request.key }, model.point)
  if (rows[0] === undefined) throw new NotFoundError({ table: model.table.name })
  return rows[0]
}

/** Runs a change of the row with this key, and says why when nothing was changed. */
export function updateByKey(
  { executor, model, rules }: WriteContext,
  { key, version }: Pick<Request, 'key' | 'version'>,
  change: Change,
  { guard = '', guardBound = [], whyNot }: Guard = {},
): Promise<Row> {
  const column = versionOf({ model, rules })
  const checked = column !== null && version !== undefined ? ` AND ${column.sql} IS +?` : ''
  const where = `${model.whereKey}${checked}${guard}`
  const bound = [...key, ...(checked === '' ? [] : [version as SqlValue]), ...guardBound]
  const target = {
    where,
    parameters: bound,
    after: { sql: model.selectByKey, parameters: keyAfter(model, key, change) },
  }
  return updateRow(executor, model, target, change, async (inside) => {
    if (!(await exists(inside, model, { where: model.whereKey, parameters: key }))) {
      throw new NotFoundError({ table: model.table.name })
    }
    if (column !== null && checked !== '') {
      const same = { where: `${model.whereKey}${checked}`, parameters: [...key, version as SqlValue] }
      if (!(await exists(inside, model, same))) {
        throw new StaleRowError({ table: model.table.name, version: column.name })
      }
    }
    await whyNot?.(inside)
    throw ignored(model)
  })
}

/** A further condition that the row must meet, and what to say where it does not. */
interface Guard {
  readonly guard?: string
  readonly guardBound?: readonly SqlValue[]
  readonly whyNot?: (executor: Executor) => Promise<void>
}

/** Runs the UPDATE of one row. `nothing` rejects with the reason why no row was changed; it undoes what triggers did. */
export async function updateRow(
  executor: Executor,
  model: TableModel,
  { where, parameters, after }: RowTarget,
  change: Change,
  nothing: (executor: Executor) => Promise<never>,
): Promise<Row> {
  const sql = `UPDATE ${model.sql} SET ${change.set} WHERE ${where}`
  const bound = [...change.parameters, ...parameters]
  if (!rereads(model, change.data.columns)) {
    const { rows } = await executor.execute({ sql: `${sql} RETURNING ${model.selectList}`, parameters: bound })
    return rows[0] ?? nothing(executor)
  }

  // What the triggers left is seen when it is stored already: an error in here undoes it.
  return executor.transaction(async (tx) => {
    const [updated, found] = await tx.batch([{ sql, parameters: bound }, after])
    if (updated?.changes === 0) return nothing(tx)
    const row = found?.rows[0]
    if (row === undefined) throw removed(model)
    return row
  })
}

/** RETURNING shows the row before triggers, and before a changed key has cascaded back into its own row. */
export function rereads({ table, hasTriggersOrModule }: TableModel, columns: readonly ColumnModel[]): boolean {
  if (hasTriggersOrModule) return true
  const changed = new Set(columns.map(({ info }) => info.name))
  return table.foreignKeys.some(
    (key) => key.referencedTable === table.name && key.referencedColumns.some((name) => changed.has(name)),
  )
}

async function exists(
  executor: Executor,
  { sql, point }: TableModel,
  { where, parameters }: Pick<RowTarget, 'where' | 'parameters'>,
): Promise<boolean> {
  const { rows } = await executor.execute({ sql: `SELECT 1 AS "found" FROM ${sql} WHERE ${where}`, parameters }, point)
  return rows.length > 0
}

function keyAfter(model: TableModel, key: readonly SqlValue[], { data }: Change): SqlValue[] {
  return model.key.map((column, index) => {
    const place = data.columns.indexOf(column)
    return (place === -1 ? key[index] : data.values[place]) as SqlValue
  })
}

function patchRequest(context: WriteContext, id: unknown, patch: unknown): Request {
  const { model } = context
  const key = keyValues(model, id, 'update')
  const version = versionOf(context)
  if (version === null) return { key, version: undefined, patch, isEntity: false }
  const row = rowObject(patch, 'update')
  const [named, others] = split(row, (name) => columnToWrite(model, name, 'update') === version)
  return { key, version: expected(version, named), patch: Object.fromEntries(others), isEntity: false }
}

/** A row as it was read: its key finds it, its version is the one it must still have, the rest is the patch. */
function entityRequest(context: WriteContext, entity: Record<string, unknown>): Request {
  const { model, rules } = context
  const [id, others] = split(entity, (name) => model.key.includes(columnToWrite(model, name, 'update')))
  if (id.length === 0) {
    throw new ValidationError({ subject: 'update', reason: 'needs a row with its key in it, or a key and a patch' })
  }
  const version = versionOf(context)
  const [versions, rest] = split(Object.fromEntries(others), (name) => columnToWrite(model, name, 'update') === version)
  // The moment of the last change, as it was read, is not the moment of this one.
  const stamp = rules.updatedAt === null ? null : model.column(rules.updatedAt.column)
  const patch = rest.filter(([name]) => model.column(name) !== stamp)
  return {
    key: keyValues(model, Object.fromEntries(id), 'update'),
    version: version === null ? undefined : expected(version, versions),
    patch: Object.fromEntries(patch),
    isEntity: true,
  }
}

type Entry = readonly [name: string, value: unknown]

function split(row: Record<string, unknown>, isFirst: (name: string) => boolean): [Entry[], Entry[]] {
  const first: Entry[] = []
  const second: Entry[] = []
  for (const name of Object.keys(row)) (isFirst(name) ? first : second).push([name, row[name]])
  return [first, second]
}

function expected(column: ColumnModel, [entry]: readonly Entry[]): SqlValue | undefined {
  return entry?.[1] === undefined ? undefined : column.codec.compare(entry[1], column.path)
}
