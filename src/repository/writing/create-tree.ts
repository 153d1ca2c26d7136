/**
 * A row made together with the rows of its relations: those it refers to first, then the row, then those that refer to
 * it. All rows of one relation travel together, whatever number of rows they belong to.
 */
import type { Transaction } from '../../engine/types.ts'
import type { RelationInfo } from '../../schema/types.ts'
import { buildWithDateFormats } from '../date-column.ts'
import { refuse } from '../refusals.ts'
import type { TableModel } from '../table-model.ts'
import { insertAndRead } from './insert.ts'
import { InsertReader } from './insert-reader.ts'
import { isMany, type TakenApart, takeApart } from './relation-data.ts'
import { validateRow } from './validation.ts'
import type { WriteContext } from './write-context.ts'

/** Data that refer to themselves would go on for ever. */
const MAX_DEPTH = 16

type Values = Record<string, unknown>

/** A row, decoded or as given, with its table. */
export interface ModelledRow {
  readonly model: TableModel
  readonly row: Values
}

export interface Tree {
  readonly tx: Transaction
  readonly context: WriteContext
  /** Collects every row that is made. */
  readonly made: ModelledRow[]
}

type Level = Pick<WriteContext, 'model' | 'rules'>

/** Rows of one relation, with the place of the row that each belongs to. */
interface Owned {
  readonly relation: RelationInfo
  readonly owners: readonly { readonly owner: number; readonly rows: readonly unknown[] }[]
}

/** Puts the rows of a relation where they belong, once those that they belong to are made. */
type Attach = (rows: readonly Values[]) => Promise<void>

export async function createTree(tree: Tree, parts: TakenApart): Promise<object> {
  const [row] = await createAll(tree, tree.context, [parts], 1)
  return row as Values
}

/** Makes rows of one table with everything that belongs to them. */
async function createAll(tree: Tree, level: Level, parts: readonly TakenApart[], depth: number): Promise<Values[]> {
  const { model } = level
  if (depth > MAX_DEPTH) throw refuse(`create of "${model.table.name}"`, `is nested deeper than ${MAX_DEPTH} levels`)
  const data = parts.map(({ own }) => own)
  const attach: Attach[] = []
  for (const owned of relationsOf(parts)) {
    if (owned.relation.kind === 'belongsTo') attach.push(await createParents(tree, { level, data }, owned, depth + 1))
    else attach.push((rows) => createChildren(tree, { level, data: rows }, owned, depth + 1))
  }

  const rows = await insertRows(tree, level, data)
  for (const give of attach) await give(rows)
  return rows
}

function relationsOf(parts: readonly TakenApart[]): Owned[] {
  const found = new Map<RelationInfo, { owner: number; rows: readonly unknown[] }[]>()
  for (const [owner, { related }] of parts.entries()) {
    for (const { relation, rows } of related) {
      const owners = found.get(relation) ?? []
      found.set(relation, owners)
      owners.push({ owner, rows })
    }
  }
  return [...found].map(([relation, owners]) => ({ relation, owners }))
}

/** Makes the rows that others refer to, and puts their keys into the data of those. */
async function createParents(
  tree: Tree,
  { level: { model }, data }: { readonly level: Level; readonly data: Values[] },
  { relation, owners }: Owned,
  depth: number,
): Promise<Attach> {
  const related = tree.context.related(relation.table)
  const parts = owners.map(({ rows: [row] }) => takeApart(related.model, row, `create of "${relation.table}"`))
  const parents = await createAll(tree, related, parts, depth)
  const { columns, referencedColumns } = relation
  for (const [index, { owner }] of owners.entries()) {
    const parent = { model: related.model, row: parents[index] as Values }
    data[owner] = withKey({ model, row: data[owner] as Values }, columns, parent, referencedColumns)
  }
  return async (rows) => {
    for (const [index, { owner }] of owners.entries()) (rows[owner] as Values)[relation.name] = parents[index]
  }
}

/** Makes the rows that refer to others, with their keys in them; for many-to-many the rows that join both as well. */
async function createChildren(
  tree: Tree,
  { level: { model }, data }: { readonly level: Level; readonly data: readonly Values[] },
  { relation, owners }: Owned,
  depth: number,
): Promise<void> {
  const related = tree.context.related(relation.table)
  const flat = owners.flatMap(({ owner, rows }) => rows.map((row) => ({ parent: data[owner] as Values, row })))
  const { columns, referencedColumns } = relation
  const parts = flat.map(({ parent, row }): TakenApart => {
    const part = takeApart(related.model, row, `create of "${relation.table}"`)
    if (relation.kind === 'manyToMany') return part
    const child = { model: related.model, row: part.own }
    return { ...part, own: withKey(child, referencedColumns, { model, row: parent }, columns) }
  })
  const children = await createAll(tree, related, parts, depth)

  if (relation.kind === 'manyToMany') {
    const { table, columns: ours, otherColumns: theirs } = relation.through
    const joining = tree.context.related(table)
    const joins = flat.map(({ parent }, index) => {
      const half = withKey({ model: joining.model, row: {} }, ours, { model, row: parent }, columns)
      const other = { model: related.model, row: children[index] as Values }
      return withKey({ model: joining.model, row: half }, theirs, other, referencedColumns)
    })
    await insertRows(tree, joining, joins)
  }
  const byParent = Map.groupBy(children.entries(), ([index]) => flat[index]?.parent)
  for (const { owner } of owners) {
    const own = (byParent.get(data[owner]) ?? []).map(([, child]) => child)
    ;(data[owner] as Values)[relation.name] = isMany(relation) ? own : own[0]
  }
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
    for (const row of stored) rows.push((model.decode === null ? row : model.decode(row)) as Values)
  }
  for (const row of rows) tree.made.push({ model, row })
  return rows
}

/**
 * The data with what `columns` refer to: the `referenced` columns of the other row.
 *
 * @throws ValidationError when the data say something else already.
 */
function withKey(
  { model, row: data }: ModelledRow,
  columns: readonly string[],
  other: ModelledRow,
  referenced: readonly string[],
): Values {
  const row = { ...data }
  for (const [index, name] of columns.entries()) {
    const column = model.column(name)
    const given = Object.keys(row).find((key) => model.column(key) === column)
    const value = other.row[other.model.column(referenced[index] as string).name]
    if (given !== undefined && row[given] !== undefined && row[given] !== value) {
      throw refuse(column.path, 'is given, and so is the row that it refers to', 'Give one of the two.')
    }
    row[given ?? column.name] = value
  }
  return row
}
