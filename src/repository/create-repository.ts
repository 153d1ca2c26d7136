/** Makes repositories: methods of {@link TableRepository} plus the finders of one table. */
import type { TableInfo } from '../schema/types.ts'
import type { DatesAs } from './codec.ts'
import { finderSpellings, onlyColumn } from './finders.ts'
import type { RepositoryContext } from './repository-context.ts'
import { TableModel } from './table-model.ts'
import { FIND_BY_COLUMN, TableRepository } from './table-repository.ts'
import type { Repository, RowInput } from './types.ts'

type RepositoryClass = new (context: RepositoryContext, model: TableModel) => TableRepository

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
 * const context = { executor: engine, schema, dates: 'text', maxBatchSize: 1000 }
 * const users = createRepository<User>(context, findTable(schema, 'users'))
 * const user = await users.findByEmail('a@example.org')
 */
export function createRepository<
  Row extends object = Record<string, unknown>,
  Insert = RowInput<Row>,
  Update = RowInput<Row>,
>(context: RepositoryContext, table: TableInfo): Repository<Row, Insert, Update> {
  const { dates } = context
  let parts = partsOf[dates].get(table)
  if (parts === undefined) {
    const model = new TableModel(table, dates)
    parts = { model, Repository: repositoryClass(model) }
    partsOf[dates].set(table, parts)
  }
  return new parts.Repository(context, parts.model) as unknown as Repository<Row, Insert, Update>
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
