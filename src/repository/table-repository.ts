/** The methods of a repository, untyped: {@link createRepository} gives them the types of a row. */
import type { Executor, Row, Statement } from '../engine/types.ts'
import type { SqlValue } from '../sqlite/values.ts'
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
import { isPlainObject } from './json-text.ts'
import { paginate } from './paginate.ts'
import { paginateByCursor } from './paginate-by-cursor.ts'
import { refuse } from './refusals.ts'
import { addRelations } from './relations/add-relations.ts'
import { compileFind, type Finding, findByIdWith } from './relations/find-loaded.ts'
import { relationPaths } from './relations/relation-paths.ts'
import { type ColumnModel, decodeRows } from './row-decoder.ts'
import { keyValues } from './row-key.ts'
import { search } from './search.ts'
import { streamRows } from './stream-rows.ts'
import type { TableModel } from './table-model.ts'
import { whereKey } from './where.ts'
import { create } from './writing/create.ts'
import { createMany } from './writing/create-many.ts'
import { increment } from './writing/increment.ts'
import { ignored } from './writing/insert.ts'
import { deleteMany, updateMany } from './writing/many.ts'
import { update } from './writing/update-row.ts'
import { findOrCreate, upsert } from './writing/upsert.ts'
import { type UpsertedMany, upsertMany } from './writing/upsert-many.ts'
import type { WriteContext } from './writing/write-context.ts'

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
  readonly #write: WriteContext

  constructor(context: WriteContext) {
    this.#executor = context.executor
    this.#model = context.model
    this.#write = context
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
    return create(this.#write, data)
  }

  async createMany(rows: unknown, options?: unknown): Promise<{ count: number; rows?: object[] }> {
    const created = await createMany(this.#write, rows, options)
    if (created.rows === null) return { count: created.count }
    return { count: created.count, rows: await decodeRows(created.rows, this.#model.decode) }
  }

  async findOrCreate(data: unknown, options?: unknown): Promise<{ row: object; created: boolean }> {
    const { row, created } = await findOrCreate(this.#write, data, options)
    return { row: this.#decoded(row), created }
  }

  async upsert(data: unknown, options?: unknown): Promise<object> {
    return this.#decoded(await upsert(this.#write, data, options))
  }

  async upsertMany(rows: unknown, options?: unknown): Promise<UpsertedMany> {
    return upsertMany(this.#write, rows, options)
  }

  async update(idOrEntity: unknown, patch?: unknown): Promise<object> {
    return this.#decoded(await update(this.#write, idOrEntity, patch))
  }

  async updateMany(where: unknown, patch: unknown, options?: unknown): Promise<{ count: number }> {
    return updateMany(this.#write, where, patch, options)
  }

  async increment(id: unknown, column: unknown, by: unknown = 1): Promise<object> {
    return this.#decoded(await increment(this.#write, id, column, by))
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

  async deleteMany(where: unknown, options?: unknown): Promise<{ count: number }> {
    return deleteMany(this.#write, where, options)
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
    const { schema } = this.#write
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
