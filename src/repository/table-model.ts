/**
 * What every repository of one table shares: its columns with their codecs, its key, and the parts of its SQL.
 * Made once for each table of a schema, so that a repository inside a transaction costs nothing.
 */
import type { Naming } from '../config/types.ts'
import type { ReadOptions } from '../engine/types.ts'
import { ValidationError } from '../errors.ts'
import { findColumn } from '../schema/lookup.ts'
import { quoteIdentifier } from '../schema/naming.ts'
import { propertyName } from '../schema/property-names.ts'
import type { ColumnInfo, TableInfo } from '../schema/types.ts'
import { ColumnCodec, type DatesAs } from './codec.ts'
import { type RelationModel, TableRelations } from './relations/relation-model.ts'
import { type ColumnModel, type RowDecoder, rowDecoder, selectList } from './row-decoder.ts'

/** How a row that was just inserted is found again. */
export type ReadBack =
  /** RETURNING shows it as it is stored. */
  | { readonly by: 'returning' }
  /** By `last_insert_rowid()`: RETURNING would show it as it was before triggers ran. Holds the rowid's name. */
  | { readonly by: 'rowid'; readonly rowid: string }
  /** By its primary key: there is no rowid. */
  | { readonly by: 'key' }

/** A relation of one table to another. */
export type Relation = RelationModel<TableModel>
/** How what is stored is shown and searched: `introspection.dates`, `introspection.naming`. */
export interface Reading {
  readonly dates: DatesAs
  readonly naming: Naming
  /** Whether LIKE and GLOB are certainly SQLite's own. Default: `true`. */
  readonly likeIsBuiltIn?: boolean
}

const NOTHING_ELSE: readonly { readonly name: string }[] = []
const POINT: ReadOptions = { point: true }

export class TableModel {
  readonly table: TableInfo
  /** The table's name as SQL. */
  readonly sql: string
  /** Columns that are part of a row, in the table's order. */
  readonly columns: readonly ColumnModel[]
  readonly key: readonly ColumnModel[]
  readonly selectList: string
  /** `null` when rows need no change at all. */
  readonly decode: RowDecoder | null
  /** The columns of the key as SQL, each with the key's own collation where that may differ from the column's. */
  readonly keySql: readonly string[]
  /** `"id" = +?`, for all columns of the key; empty without a key. */
  readonly whereKey: string
  readonly selectByKey: string
  /** The rows of the table are short enough to be read at once by a unique key. */
  readonly point: ReadOptions | undefined
  readonly readBack: ReadBack
  /** Whether what RETURNING shows may not be what is stored in the end, or a write may do something else instead. */
  readonly hasTriggersOrModule: boolean
  /** LIKE and GLOB mean what SQLite's own do: no extension or setup module of the user's has replaced them. */
  readonly likeIsBuiltIn: boolean
  readonly relations: TableRelations<TableModel>
  /** By what it is called in rows, then by its name in the database, where that is another. */
  readonly #byName: ReadonlyMap<string, ColumnModel>
  readonly #unique: ReadonlySet<string>

  /** `model` gives the model of another table of the same schema. */
  constructor(
    table: TableInfo,
    { dates, naming, likeIsBuiltIn = true }: Reading,
    model: (table: string) => TableModel,
  ) {
    this.table = table
    this.likeIsBuiltIn = likeIsBuiltIn
    this.sql = quoteIdentifier(table.name)
    const all = table.columns.map((info, position) => columnModel(table, info, position, { dates, naming }))
    this.#byName = new Map([...all.map(byStoredName), ...all.map((column) => [column.name, column] as const)])
    this.#unique = uniqueColumns(table)
    this.columns = all.filter(({ info }) => !info.hidden)
    this.key = table.primaryKey.map((name) => this.column(name))
    this.selectList = selectList(this.columns)
    this.decode = rowDecoder(this.columns)
    this.keySql = this.key.map(({ info, sql }) => `${sql}${keyCollation(table, info.name)}`)
    this.whereKey = this.keySql.map((sql) => `${sql} = +?`).join(' AND ')
    this.selectByKey = `SELECT ${this.selectList} FROM ${this.sql} WHERE ${this.whereKey}`
    this.point =
      table.kind === 'table' && this.columns.every(({ info }) => info.affinity !== 'BLOB') ? POINT : undefined
    this.readBack = readBack(table)
    this.hasTriggersOrModule = table.kind !== 'table' || table.triggers.length > 0
    this.relations = new TableRelations(this, model)
  }

  /** @throws ColumnNotFoundError with the nearest names. */
  column(name: string): ColumnModel {
    return this.#column(name, NOTHING_ELSE)
  }

  /** `column`, where a relation could stand as well. @throws ColumnNotFoundError with the nearest columns and relations. */
  columnBesideRelations(name: string): ColumnModel {
    return this.#column(name, this.table.relations)
  }

  #column(name: string, besides: readonly { readonly name: string }[]): ColumnModel {
    const exact = this.#byName.get(name)
    if (exact !== undefined) return exact
    const names = [...this.columns, ...besides].map((named) => named.name)
    return this.#byName.get(findColumn(this.table, name, names).name) as ColumnModel
  }

  /** Whether some column is called exactly this. */
  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** A name that no column has. */
  freeName(wish: string): string {
    let name = wish
    while (this.has(name)) name += '_'
    return name
  }

  /** Whether at most one row can have a given value in this column. */
  isUnique(column: ColumnModel): boolean {
    return this.#unique.has(column.info.name)
  }

  /** Whether NULL can stand in this column. */
  isNullable({ info }: ColumnModel): boolean {
    const { kind, rowidColumn, withoutRowid } = this.table
    if (kind !== 'table') return true
    return !(info.notNull || info.name === rowidColumn || (withoutRowid && info.primaryKeyPosition > 0))
  }

  /** Whether a COLLATE stands in its statement: which column it belongs to is not known. */
  get mentionsCollation(): boolean {
    return mentionsCollation(this.table)
  }

  /** Whether the key tells all rows apart: SQLite lets NULL, any number of times, into most keys of rowid tables. */
  get hasWholeKey(): boolean {
    return this.key.length > 0 && !this.key.some((column) => this.isNullable(column))
  }

  /** @throws ValidationError when the table has no primary key. */
  requireKey(method: string): void {
    if (this.key.length > 0) return
    const { name, kind } = this.table
    throw new ValidationError({
      subject: `${method} of "${name}"`,
      reason: `needs a primary key, and the ${kind === 'virtual' ? 'virtual table' : kind} has none`,
      advice: 'Find rows with where; change them with execute() or Kysely.',
    })
  }
}

function byStoredName(column: ColumnModel): readonly [string, ColumnModel] {
  return [column.info.name, column]
}

function columnModel(table: TableInfo, info: ColumnInfo, position: number, { dates, naming }: Reading): ColumnModel {
  return {
    name: propertyName(info.name, naming),
    info,
    position,
    sql: quoteIdentifier(info.name),
    path: `${table.name}.${info.name}`,
    codec: new ColumnCodec(table, info, dates),
  }
}

/**
 * `=` compares with the column's collation, a key is unique in its index's, and a table may declare them apart. Where a
 * COLLATE stands anywhere in its statement, the key's own is named, so that a search by key finds one row by its index.
 */
function keyCollation(table: TableInfo, column: string): string {
  if (table.rowidColumn !== null || !mentionsCollation(table)) return ''
  const index = table.indexes.find(({ origin }) => origin === 'pk')
  const collation = index?.columns.find(({ name }) => name === column)?.collation
  return collation === undefined ? '' : ` COLLATE ${quoteIdentifier(collation)}`
}

/** Columns that are unique by themselves under plain `=`; none is claimed where collations might differ. */
function uniqueColumns(table: TableInfo): Set<string> {
  const unique = new Set<string>()
  if (table.rowidColumn !== null) unique.add(table.rowidColumn)
  if (mentionsCollation(table)) return unique
  for (const index of table.indexes) {
    const [column, ...others] = index.columns
    if (!index.unique || index.partial || others.length > 0 || column === undefined) continue
    if (column.name !== null && column.collation === 'BINARY') unique.add(column.name)
  }
  return unique
}

function mentionsCollation(table: TableInfo): boolean {
  return /\bcollate\b/i.test(table.sql)
}

function readBack(table: TableInfo): ReadBack {
  // A view has neither rowid nor key: RETURNING shows what its INSTEAD OF trigger was given.
  if (table.kind === 'view') return { by: 'returning' }
  if (table.kind === 'table' && table.triggers.length === 0) return { by: 'returning' }
  const rowid = table.withoutRowid ? null : rowidName(table)
  if (rowid !== null) return { by: 'rowid', rowid }
  return table.primaryKey.length > 0 ? { by: 'key' } : { by: 'returning' }
}

/** A name for the rowid that no column has taken (https://sqlite.org/lang_createtable.html#rowid). */
export function rowidName(table: TableInfo): string | null {
  if (table.rowidColumn !== null) return quoteIdentifier(table.rowidColumn)
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()))
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name)) ?? null
}
