/** Makes repositories: methods of {@link TableRepository} plus the finders of one table. */
import type { Executor } from '../engine/types.ts'
import type { TableInfo } from '../schema/types.ts'
import type { DatesAs } from './codec.ts'
import { finderSpellings, onlyColumn } from './finders.ts'
import { TableModel } from './table-model.ts'
import { FIND_BY_COLUMN, TableRepository } from './table-repository.ts'
import type { Repository, RowInput } from './types.ts'

export interface RepositoryContext {
  /** The engine, or the open transaction or snapshot that the repository belongs to: everything goes through it. */
  readonly executor: Executor
  /** `introspection.dates` */
  readonly dates: DatesAs
  /** `performance.maxBatchSize` */
  readonly maxBatchSize: number
  /** Whether LIKE and GLOB are certainly SQLite's own. Default: `true`. */
  readonly likeIsBuiltIn?: boolean
}

type RepositoryClass = new (executor: Executor, model: TableModel, maxBatchSize: number) => TableRepository

interface TableParts {
  readonly model: TableModel
  readonly Repository: RepositoryClass
}

/** Made once a table and way of reading dates; a changed schema has other TableInfo objects. */
const partsOf: Record<DatesAs, WeakMap<TableInfo, TableParts>> = { text: new WeakMap(), date: new WeakMap() }

/**
 * A repository of one table or view.
 *
 * @example
 * const users = createRepository<User>({ executor: engine, dates: 'text', maxBatchSize: 1000 }, findTable(schema, 'users'))
 * const user = await users.findByEmail('a@example.org')
 */
export function createRepository<
  Row extends object = Record<string, unknown>,
  Insert = RowInput<Row>,
  Update = RowInput<Row>,
>(
  { executor, dates, maxBatchSize, likeIsBuiltIn = true }: RepositoryContext,
  table: TableInfo,
): Repository<Row, Insert, Update> {
  let parts = partsOf[dates].get(table)
  if (parts === undefined) {
    const model = new TableModel(table, dates, { likeIsBuiltIn })
    parts = { model, Repository: repositoryClass(model) }
    partsOf[dates].set(table, parts)
  }
  return new parts.Repository(executor, parts.model, maxBatchSize) as unknown as Repository<Row, Insert, Update>
}

function repositoryClass(model: TableModel): RepositoryClass {
  class RepositoryOfTable extends TableRepository {}
  for (const [spelling, columns] of finderSpellings(model)) {
    const finder = (many: boolean) =>
      async function (this: TableRepository, value: unknown): Promise<unknown> {
        return this[FIND_BY_COLUMN](onlyColumn(model, spelling, columns), value, many)
      }
    define(RepositoryOfTable, `findBy${spelling}`, finder(false))
    define(RepositoryOfTable, `findOneBy${spelling}`, finder(false))
    define(RepositoryOfTable, `findManyBy${spelling}`, finder(true))
  }
  return RepositoryOfTable
}

/** `findById` stays the search by primary key, whatever the columns are called. */
function define(target: RepositoryClass, name: string, value: unknown): void {
  if (name === 'findById') return
  Object.defineProperty(target.prototype, name, { value, writable: true, configurable: true })
}
