/** One relation as the repository sees it: the columns of both its ends, ready for SQL. */
import { RelationshipNotFoundError } from '../../errors.ts'
import { foldName, quoteIdentifier } from '../../schema/naming.ts'
import type { RelationInfo, TableInfo } from '../../schema/types.ts'
import { nearest } from '../../util/nearest.ts'
import type { ColumnModel } from '../row-decoder.ts'

/** What a relation needs to know of a table. */
interface RelatedTable {
  readonly table: TableInfo
  column(name: string): ColumnModel
}

/** `Model`: the table's model, named by whoever has it, since models and relations refer to each other. */
export interface RelationModel<Model = RelatedTable> {
  readonly name: string
  /** Whether it brings an array. */
  readonly many: boolean
  /** At most one row for sure, so that a join with it never doubles a row. */
  readonly joinable: boolean
  /** The key is with us, so that it refers to the other side. */
  readonly refers: boolean
  readonly target: Model
  /** Our columns and theirs, in pairs; with a join table each is paired with one of its columns instead. */
  readonly columns: readonly ColumnModel[]
  readonly targetColumns: readonly ColumnModel[]
  readonly through: JoinTable | null
}

/** The join table of a relation of many to many, as SQL. */
export interface JoinTable {
  readonly sql: string
  readonly columns: readonly string[]
  readonly targetColumns: readonly string[]
}

/** The relations of one table, each made when it is first asked for: tables refer to each other in circles. */
export class TableRelations<Model extends RelatedTable> {
  readonly #source: RelatedTable
  readonly #model: (table: string) => Model
  readonly #made = new Map<string, RelationModel<Model>>()

  constructor(source: RelatedTable, model: (table: string) => Model) {
    this.#source = source
    this.#model = model
  }

  /** Whether there is one of this name, in any case of A to Z, as with columns. */
  has(name: string): boolean {
    return this.#find(name) !== undefined
  }

  /** @throws RelationshipNotFoundError with the nearest names. */
  get(name: string): RelationModel<Model> {
    const known = this.#made.get(name)
    if (known !== undefined) return known
    const info = this.#find(name)
    if (info === undefined) throw this.#unknown(name)
    const made = this.#made.get(info.name) ?? relationModel(info, this.#source, this.#model)
    this.#made.set(info.name, made)
    return made
  }

  #find(name: string): RelationInfo | undefined {
    const { relations } = this.#source.table
    return (
      relations.find((info) => info.name === name) ?? relations.find((info) => foldName(info.name) === foldName(name))
    )
  }

  #unknown(relation: string): RelationshipNotFoundError {
    const { name: table, relations } = this.#source.table
    const names = relations.map(({ name }) => name)
    return new RelationshipNotFoundError({ table, relation, nearest: nearest(relation, names), relations: names })
  }
}

function relationModel<Model extends RelatedTable>(
  info: RelationInfo,
  source: RelatedTable,
  model: (table: string) => Model,
): RelationModel<Model> {
  const target = model(info.table)
  return {
    name: info.name,
    many: info.kind === 'hasMany' || info.kind === 'manyToMany',
    joinable:
      info.kind === 'belongsTo' || (info.kind === 'hasOne' && !collates(source.table) && !collates(target.table)),
    refers: info.kind === 'belongsTo',
    target,
    columns: info.columns.map((name) => source.column(name)),
    targetColumns: info.referencedColumns.map((name) => target.column(name)),
    through:
      info.kind === 'manyToMany'
        ? {
            sql: quoteIdentifier(info.through.table),
            columns: info.through.columns.map(quoteIdentifier),
            targetColumns: info.through.otherColumns.map(quoteIdentifier),
          }
        : null,
  }
}

/** A key may be unique in another collation than the one it is compared in: two rows may refer to one then. */
function collates(table: TableInfo): boolean {
  return /\bcollate\b/i.test(table.sql)
}
