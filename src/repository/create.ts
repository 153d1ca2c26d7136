/**
 * `create`: one row, or a row and the rows of its relations in one transaction: those it refers to first, then the row,
 * then those that refer to it. All rows of one relation travel together, whatever number of rows they belong to.
 */
import type { Row, Statement, Transaction } from '../engine/types.ts'
import type { RelationInfo } from '../schema/types.ts'
import { buildWithDateFormats } from './date-column.ts'
import { insertAndRead, insertOne, removed } from './insert.ts'
import { InsertReader } from './insert-reader.ts'
import { refuse } from './operators.ts'
import { isMany, type TakenApart, takeApart } from './relation-data.ts'
import { keyValues } from './row-key.ts'
import type { TableModel } from './table-model.ts'
import { validateRow } from './validation.ts'
import type { WriteContext } from './write-context.ts'

/** Data that refer to themselves would go on for ever. */
const MAX_DEPTH = 16

type Values = Record<string, unknown>
type ManyToMany = Extract<RelationInfo, { kind: 'manyToMany' }>

/** A row that was made, for a last look at it. */
interface Made {
  readonly model: TableModel
  readonly row: Values
}

/** What making a tree of rows carries along. */
interface Tree {
  readonly tx: Transaction
  readonly context: WriteContext
  readonly made: Made[]
}

/** The row as stored, decoded, with the rows of the relations that were made with it. */
export async function create(context: WriteContext, data: unknown): Promise<object> {
  const { executor, model, rules } = context
  const parts = takeApart(model, data, 'create')
  if (parts.related.length > 0) {
    return executor.transaction(async (tx) => {
      const tree: Tree = { tx, context, made: [] }
      const [row] = await createAll(tree, context, [parts], 1)
      await lookAgain(tree)
      return row as Values
    })
  }
  const validated = await validateRow({ model, schema: rules.insertSchema, subject: 'create' }, parts.own)
  const reader = new InsertReader(context, 'create')
  const row = await buildWithDateFormats(executor, () => reader.read(validated))
  return decoded(model, await insertOne(executor, model, row))
}

type Level = Pick<WriteContext, 'model' | 'rules'>

/** Makes rows of one table with everything that belongs to them. */
async function createAll(tree: Tree, level: Level, parts: readonly TakenApart[], depth: number): Promise<Values[]> {
  const { model } = level
  if (depth > MAX_DEPTH) throw refuse(`create of "${model.table.name}"`, `is nested deeper than ${MAX_DEPTH} levels`)
  const data = parts.map(({ own }) => own)
  const attach: ((rows: Values[]) => Promise<void>)[] = []
  for (const relation of relationsIn(parts)) {
    const owners = parts.flatMap(({ related }, owner) =>
      related.filter((one) => one.relation === relation).map(({ rows }) => ({ owner, rows })),
    )
    if (relation.kind === 'belongsTo') attach.push(await createParents(tree, level, { relation, owners, data }, depth))
    else attach.push((rows) => createChildren(tree, { relation, owners, rows }, depth))
  }

  const rows = await insertRows(tree, level, data)
  for (const give of attach) await give(rows)
  return rows
}

/** Rows of one relation, with the place of the row that each of them belongs to. */
interface Owned {
  readonly relation: RelationInfo
  readonly owners: readonly { readonly owner: number; readonly rows: readonly unknown[] }[]
}

/** Makes the rows that others refer to, and puts their keys into the data of those. */
async function createParents(
  tree: Tree,
  { model }: Level,
  { relation, owners, data }: Owned & { readonly data: Values[] },
  depth: number,
): Promise<(rows: Values[]) => Promise<void>> {
  const related = tree.context.related(relation.table)
  const parts = owners.map(({ rows: [row] }) => takeApart(related.model, row, `create of "${relation.table}"`))
  const parents = await createAll(tree, related, parts, depth + 1)
  for (const [index, { owner }] of owners.entries()) {
    data[owner] = withKey(
      model,
      data[owner] as Values,
      keysOf(relation.columns, relation.referencedColumns),
      parents[index],
    )
  }
  return async (rows) => {
    for (const [index, { owner }] of owners.entries()) (rows[owner] as Values)[relation.name] = parents[index]
  }
}

/** Makes the rows that refer to others, with their keys in them; for many-to-many the rows that join both as well. */
async function createChildren(
  tree: Tree,
  { relation, owners, rows }: Owned & { readonly rows: Values[] },
  depth: number,
): Promise<void> {
  const related = tree.context.related(relation.table)
  const flat = owners.flatMap(({ owner, rows: children }) => children.map((child) => ({ owner, child })))
  const parts = flat.map(({ owner, child }): TakenApart => {
    const part = takeApart(related.model, child, `create of "${relation.table}"`)
    if (relation.kind === 'manyToMany') return part
    const keys = keysOf(relation.referencedColumns, relation.columns)
    return { ...part, own: withKey(related.model, part.own, keys, rows[owner]) }
  })
  const children = await createAll(tree, related, parts, depth + 1)
  if (relation.kind === 'manyToMany') {
    await join(
      tree,
      relation,
      flat.map(({ owner }, index) => [rows[owner] as Values, children[index] as Values]),
    )
  }
  for (const { owner } of owners) {
    const own = children.filter((_, index) => flat[index]?.owner === owner)
    ;(rows[owner] as Values)[relation.name] = isMany(relation) ? own : own[0]
  }
}

async function join(tree: Tree, relation: ManyToMany, pairs: readonly (readonly [Values, Values])[]): Promise<void> {
  const level = tree.context.related(relation.through.table)
  const ours = keysOf(relation.through.columns, relation.columns)
  const theirs = keysOf(relation.through.otherColumns, relation.referencedColumns)
  const data = pairs.map(([one, other]) => withKey(level.model, withKey(level.model, {}, ours, one), theirs, other))
  await insertRows(tree, level, data)
}

/** Each row is checked as it is about to be inserted, with the keys of what it refers to in it. */
async function insertRows(tree: Tree, { model, rules }: Level, data: readonly Values[]): Promise<Values[]> {
  const { tx, context } = tree
  const validation = { model, schema: rules.insertSchema, subject: 'create' }
  const validated: unknown[] = []
  for (const row of data) validated.push(await validateRow(validation, row))
  const reader = new InsertReader({ model, rules }, 'create')
  const read = await buildWithDateFormats(tx, () => validated.map((row) => reader.read(row)))
  const rows: Values[] = []
  for (let start = 0; start < read.length; start += context.maxBatchSize) {
    const stored = await insertAndRead(tx, model, read.slice(start, start + context.maxBatchSize))
    for (const row of stored) rows.push(decoded(model, row) as Values)
  }
  for (const row of rows) tree.made.push({ model, row })
  return rows
}

/** Triggers of rows made later may have changed earlier ones: a total, a counter. */
async function lookAgain({ tx, made }: Tree): Promise<void> {
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
    Object.assign(row, decoded(model, found))
  }
}

type Keys = readonly (readonly [to: string, from: string])[]

function keysOf(to: readonly string[], from: readonly string[]): Keys {
  return to.map((column, index) => [column, from[index] as string])
}

/** @throws ValidationError when the data say something else already. */
function withKey(model: TableModel, data: Values, keys: Keys, other: Values | undefined): Values {
  const row = { ...data }
  for (const [to, from] of keys) {
    const column = model.column(to)
    const given = Object.keys(row).find((name) => model.column(name) === column)
    const value = other?.[from]
    if (given !== undefined && row[given] !== undefined && row[given] !== value) {
      throw refuse(column.path, 'is given, and so is the row that it refers to', 'Give one of the two.')
    }
    row[given ?? to] = value
  }
  return row
}

function relationsIn(parts: readonly TakenApart[]): Set<RelationInfo> {
  return new Set(parts.flatMap(({ related }) => related.map(({ relation }) => relation)))
}

function decoded({ decode }: TableModel, row: Row): object {
  return decode === null ? row : decode(row)
}
