/** The methods of a repository, untyped: {@link createRepository} gives them the types of a row. */
import type { Executor, Row, Statement } from '../engine/types.ts'
import { NotFoundError } from '../errors.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { checkCreateManyOptions, createMany, readRows } from './create-many.ts'
import { buildWithDateFormats } from './date-column.ts'
import {
  checkOptions,
  compileCount,
  FIND_ONE_OPTIONS,
  FIND_OPTIONS,
  LIMITS,
  type SelectParts,
  whereSql,
  wholeNumber,
} from './find-options.ts'
import { finderSpelling, unknownFinder } from './finders.ts'
import { ignored, insertOne, removed } from './insert.ts'
import { isPlainObject } from './json-text.ts'
import { paginate } from './paginate.ts'
import { addRelations } from './relations/add-relations.ts'
import { compileFind, type Finding, findByIdWith } from './relations/find-loaded.ts'
import { relationPaths } from './relations/relation-paths.ts'
import { paginateByCursor } from './paginate-by-cursor.ts'
import { refuse } from './refusals.ts'
import type { RepositoryContext } from './repository-context.ts'
import { type RowData, RowReader, rowObject } from './row-data.ts'
import { type ColumnModel, decodeRows } from './row-decoder.ts'
import { keyValues } from './row-key.ts'
import { search } from './search.ts'
import { streamRows } from './stream-rows.ts'
import type { TableModel } from './table-model.ts'
import { whereKey } from './where.ts'

const ANY_NUMBER = { min: 0, max: Number.MAX_SAFE_INTEGER }

/** The method that finders call; no column can have its name. */
export const FIND_BY_COLUMN = Symbol('noormme.findByColumn')

export class TableRepository {
  static {
    // The end of the prototype chain, reached by names that nothing before it has: a finder for a column that does not
    // exist rejects with the nearest names. `then` and all else stay undefined.
    const end = new Proxy(Object.create(Object.prototype), {
      get(target: object, name, repository: TableRepository) {
        const spelling = typeof name === 'string' ? finderSpelling(name) : null
        if (spelling === null) return Reflect.get(target, name, repository)
        return async () => {
          throw unknownFinder(repository.#model, spelling)
        }
      },
    })
    Object.setPrototypeOf(TableRepository.prototype, end)
  }

  readonly #executor: Executor
  readonly #model: TableModel
  readonly #context: RepositoryContext

  constructor(context: RepositoryContext, model: TableModel) {
    this.#executor = context.executor
    this.#model = model
    this.#context = context
  }

  async findById(id: unknown, options?: unknown): Promise<object | null> {
    const model = this.#model
    if (options !== undefined) return findByIdWith(this.#executor, model, { id, options, method: 'findById' })
    const parameters =
      typeof id === 'object'
        ? await this.#build(() => keyValues(model, id, 'findById'))
        : keyValues(model, id, 'findById')
    const { rows } = await this.#executor.execute({ sql: model.selectByKey, parameters }, model.point)
    const row = rows[0]
    return row === undefined ? null : this.#decoded(row)
  }

  async findOne(options?: unknown): Promise<object | null> {
    const checked = checkOptions(this.#model, 'findOne', options, FIND_ONE_OPTIONS)
    return this.#findFirst(checked)
  }

  async findAll(options?: unknown): Promise<object[]> {
    const checked = checkOptions(this.#model, 'findAll', options, FIND_OPTIONS)
    const limit =
      checked.limit === undefined ? null : wholeNumber(checked.limit, { name: 'limit', ...ANY_NUMBER, fallback: 0 })
    return this.#select({ options: checked, limit, offset: offsetOf(checked), totalOrder: false })
  }

  async count(where?: unknown): Promise<number> {
    const statement = await this.#build(() => compileCount(this.#model, where))
    const { rows } = await this.#executor.execute(statement)
    return Number(rows[0]?.count)
  }

  async exists(idOrWhere: unknown): Promise<boolean> {
    const model = this.#model
    // An object is a where. The object of a composite key is one too, and finds the same row.
    if (!isPlainObject(idOrWhere)) {
      const parameters = await this.#build(() => keyValues(model, idOrWhere, 'exists'))
      return this.#existsByKey(parameters)
    }
    const statement = await this.#build((): Statement => {
      const parameters: SqlValue[] = []
      const where = whereSql(model, idOrWhere, parameters)
      return { sql: `SELECT EXISTS (SELECT 1 FROM ${model.sql}${where}) AS "found"`, parameters }
    })
    const { rows } = await this.#executor.execute(statement)
    return rows[0]?.found === 1
  }

  async create(data: unknown): Promise<object> {
    const row = await this.#build(() => new RowReader(this.#model, 'create').read(data))
    return this.#decoded(await insertOne(this.#executor, this.#model, row))
  }

  async createMany(rows: unknown, options?: unknown): Promise<{ count: number; rows?: object[] }> {
    const model = this.#model
    const checked = checkCreateManyOptions(model, options)
    const data = await readRows(this.#executor, model, rows)
    const created = await createMany(this.#executor, model, data, {
      ...checked,
      maxBatchSize: this.#context.maxBatchSize,
    })
    if (created.rows === null) return { count: created.count }
    return { count: created.count, rows: await decodeRows(created.rows, model.decode) }
  }

  async update(idOrEntity: unknown, patch?: unknown): Promise<object> {
    const model = this.#model
    model.requireKey('update')
    const { key, data } = await this.#build(() =>
      patch === undefined && typeof idOrEntity === 'object' && idOrEntity !== null
        ? entityParts(model, rowObject(idOrEntity, 'update'))
        : { key: keyValues(model, idOrEntity, 'update'), data: new RowReader(model, 'update').read(patch) },
    )
    if (data.columns.length > 0) return this.#update(key, data)
    const { rows } = await this.#executor.execute({ sql: model.selectByKey, parameters: key }, model.point)
    if (rows[0] === undefined) throw new NotFoundError({ table: model.table.name })
    return this.#decoded(rows[0])
  }

  async delete(id: unknown): Promise<boolean> {
    const model = this.#model
    const parameters = await this.#build(() => keyValues(model, id, 'delete'))
    const statement = { sql: `DELETE FROM ${model.sql} WHERE ${model.whereKey}`, parameters }
    if (!model.hasTriggersOrModule) return (await this.#executor.execute(statement)).changes > 0

    return this.#executor.transaction(async (tx) => {
      if ((await tx.execute(statement)).changes > 0) return true
      if (await this.#existsByKey(parameters, tx)) throw ignored(model)
      return false
    })
  }

  async paginate(options?: unknown): Promise<object> {
    return paginate(this.#executor, this.#model, options)
  }

  async findWithRelations(id: unknown, paths: unknown, limits?: unknown): Promise<object | null> {
    const options = { ...checkOptions(this.#model, 'findWithRelations', limits, LIMITS), with: relationPaths(paths) }
    return findByIdWith(this.#executor, this.#model, { id, options, method: 'findWithRelations' })
  }

  async withCount(id: unknown, names: unknown, limits?: unknown): Promise<object | null> {
    const options = { ...checkOptions(this.#model, 'withCount', limits, LIMITS), withCount: names }
    return findByIdWith(this.#executor, this.#model, { id, options, method: 'withCount' })
  }

  async loadRelationships(rows: unknown, relations: unknown, limits?: unknown): Promise<object[]> {
    const options = checkOptions(this.#model, 'loadRelationships', limits, LIMITS)
    return addRelations(this.#executor, this.#model, { rows, relations, options })
  }

  async paginateByCursor(options?: unknown): Promise<object> {
    return paginateByCursor(this.#executor, this.#model, options)
  }

  stream(options?: unknown): AsyncGenerator<object, void> {
    return streamRows(this.#executor, this.#model, options)
  }

  async search(text: unknown, options?: unknown): Promise<object[]> {
    const { schema } = this.#context
    return search(this.#executor, { model: this.#model, schema, text, options })
  }

  async [FIND_BY_COLUMN](column: ColumnModel, value: unknown, many: boolean): Promise<object | object[] | null> {
    if (value === undefined) throw refuse(column.path, 'is undefined', 'Pass null to find rows where it is NULL.')
    const options = { where: { [whereKey(column.name)]: value } }
    return many ? this.#select({ options, limit: null, offset: 0, totalOrder: false }) : this.#findFirst(options)
  }

  async #findFirst(options: Record<string, unknown>): Promise<object | null> {
    const totalOrder = options.orderBy === undefined
    const finding = await this.#finding({ options, limit: 1, offset: offsetOf(options), totalOrder })
    const { rows } = await this.#executor.execute(finding.statement, finding.read)
    return (await finding.finish(rows)).objects[0] ?? null
  }

  async #select(parts: SelectParts): Promise<object[]> {
    const finding = await this.#finding(parts)
    const { rows } = await this.#executor.execute(finding.statement, finding.read)
    return (await finding.finish(rows)).objects
  }

  #finding(parts: SelectParts): Finding | Promise<Finding> {
    return buildWithDateFormats(this.#executor, () => compileFind(this.#model, parts))
  }

  async #existsByKey(parameters: readonly SqlValue[], executor: Executor = this.#executor): Promise<boolean> {
    const { sql, whereKey, point } = this.#model
    const statement = { sql: `SELECT 1 AS "found" FROM ${sql} WHERE ${whereKey}`, parameters }
    const { rows } = await executor.execute(statement, point)
    return rows.length > 0
  }

  async #update(key: readonly SqlValue[], { columns, values }: RowData): Promise<object> {
    const model = this.#model
    const set = columns.map(({ sql }) => `${sql} = ?`).join(', ')
    const update = `UPDATE ${model.sql} SET ${set} WHERE ${model.whereKey}`
    const parameters = [...values, ...key]
    if (!this.#rereads(columns)) {
      const { rows } = await this.#executor.execute({ sql: `${update} RETURNING ${model.selectList}`, parameters })
      return rows[0] === undefined ? this.#nothingUpdated(key, this.#executor) : this.#decoded(rows[0])
    }

    const newKey = model.key.map((column, index) => {
      const place = columns.indexOf(column)
      return place === -1 ? (key[index] as SqlValue) : (values[place] as SqlValue)
    })
    // What the triggers left is seen when it is stored already: an error in here undoes it.
    return this.#executor.transaction(async (tx) => {
      const [updated, found] = await tx.batch([
        { sql: update, parameters },
        { sql: model.selectByKey, parameters: newKey },
      ])
      const row = found?.rows[0]
      if (updated?.changes === 0) return this.#nothingUpdated(key, tx)
      if (row === undefined) throw removed(model)
      return this.#decoded(row)
    })
  }

  /** RETURNING shows the row before triggers, and before a changed key has cascaded back into its own row. */
  #rereads(columns: readonly ColumnModel[]): boolean {
    const { table, hasTriggersOrModule } = this.#model
    if (hasTriggersOrModule) return true
    const changed = new Set(columns.map(({ info }) => info.name))
    return table.foreignKeys.some(
      (key) => key.referencedTable === table.name && key.referencedColumns.some((name) => changed.has(name)),
    )
  }

  async #nothingUpdated(key: readonly SqlValue[], executor: Executor): Promise<never> {
    if (await this.#existsByKey(key, executor)) throw ignored(this.#model)
    throw new NotFoundError({ table: this.#model.table.name })
  }

  #decoded(row: Row): object {
    const { decode } = this.#model
    return decode === null ? row : decode(row)
  }

  /** Compiles; looks up the form of a column's dates where a Date is used and it is not known yet. */
  async #build<T>(build: () => T): Promise<T> {
    return buildWithDateFormats(this.#executor, build)
  }
}

function offsetOf(options: Record<string, unknown>): number {
  return wholeNumber(options.offset, { name: 'offset', ...ANY_NUMBER, fallback: 0 })
}

/** A row as it was read: its key finds it, the rest is the patch. What SQLite computes in it is left to SQLite. */
function entityParts(model: TableModel, entity: Record<string, unknown>): { key: SqlValue[]; data: RowData } {
  const keyNames = new Set(model.table.primaryKey)
  const id: [string, unknown][] = []
  const patch: [string, unknown][] = []
  for (const name of Object.keys(entity)) {
    const isKey = keyNames.has(model.column(name).info.name)
    ;(isKey ? id : patch).push([name, entity[name]])
  }
  if (id.length === 0) throw refuse('update', 'needs a row with its key in it, or a key and a patch')
  return {
    key: keyValues(model, Object.fromEntries(id), 'update'),
    data: new RowReader(model, 'update', { ignoreGenerated: true }).read(Object.fromEntries(patch)),
  }
}
