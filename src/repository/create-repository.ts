/** Makes repositories: methods of {@link TableRepository} plus the finders of one table. */
import { findTable } from '../schema/lookup.ts'
import type { SchemaInfo, TableInfo } from '../schema/types.ts'
import { finderSpellings, onlyColumn } from './finders.ts'
import type { RepositoryContext } from './repository-context.ts'
import type { RowInput } from './row-types.ts'
import { type Reading, TableModel } from './table-model.ts'
import { FIND_BY_COLUMN, TableRepository } from './table-repository.ts'
import type { Repository } from './types.ts'
import type { WriteContext } from './writing/write-context.ts'

type RepositoryClass = new (context: WriteContext) => TableRepository

interface TableParts {
  readonly model: TableModel
  readonly Repository: RepositoryClass
}

/** Made once a table and way of reading it; a changed schema has other TableInfo objects. */
const partsOf = new WeakMap<TableInfo, Map<string, TableParts>>()

/**
 * A repository of one table or view.
 *
 * @example
 * const context = { executor: engine, schema, dates: 'text', naming: 'stored', maxBatchSize: 1000, rulesOf }
 * const users = createRepository<User>(context, findTable(schema, 'users'))
 * const user = await users.findByEmail('a@example.org')
 */
export function createRepository<
  Row extends object = Record<string, unknown>,
  Insert = RowInput<Row>,
  Update = RowInput<Row>,
>(context: RepositoryContext, table: TableInfo): Repository<Row, Insert, Update> {
  const { schema, dates, naming, rulesOf } = context
  const reading = { dates, naming }
  const { model, Repository } = tableParts(schema, table, reading)
  const related = (name: string) => {
    const other = findTable(schema, name, naming)
    return { model: tableParts(schema, other, reading).model, rules: rulesOf(other) }
  }
  const repository = new Repository({ ...context, model, rules: rulesOf(table), related })
  return repository as unknown as Repository<Row, Insert, Update>
}

function tableParts(schema: SchemaInfo, table: TableInfo, reading: Reading): TableParts {
  const ways = partsOf.get(table) ?? new Map<string, TableParts>()
  partsOf.set(table, ways)
  const way = `${reading.dates} ${reading.naming}`
  const known = ways.get(way)
  if (known !== undefined) return known
  const model = new TableModel(table, reading, (name) => tableParts(schema, findTable(schema, name), reading).model)
  const parts = { model, Repository: repositoryClass(model) }
  ways.set(way, parts)
  return parts
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
