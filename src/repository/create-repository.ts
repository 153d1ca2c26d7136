/** Makes repositories: methods of {@link TableRepository} plus the finders of one table, following the schema. */
import type { Executor } from '../engine/types.ts'
import type { TableSource } from '../schema/live-schema.ts'
import type { TableInfo } from '../schema/types.ts'
import type { DatesAs } from './codec.ts'
import { finderSpellings, onlyColumn } from './finders.ts'
import { define, type HeldClass, HeldRepository, heldFinder } from './held-repository.ts'
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

interface TableClasses {
  readonly model: TableModel
  readonly Repository: RepositoryClass
  readonly Held: HeldClass
}

/** Made once a table and way of reading dates; a changed schema has other TableInfo objects. */
const classes: Record<DatesAs, WeakMap<TableInfo, TableClasses>> = { text: new WeakMap(), date: new WeakMap() }

/**
 * A repository of one table or view, as `source` has it at each call.
 *
 * @example
 * const users = createRepository<User>({ executor: engine, dates: 'text', maxBatchSize: 1000 }, live.source('users'))
 * const user = await users.findByEmail('a@example.org')
 * @throws TableNotFoundError when `source` has no table now.
 */
export function createRepository<
  Row extends object = Record<string, unknown>,
  Insert = RowInput<Row>,
  Update = RowInput<Row>,
>(
  { executor, dates, maxBatchSize, likeIsBuiltIn = true }: RepositoryContext,
  source: TableSource,
): Repository<Row, Insert, Update> {
  const partsOf = (table: TableInfo) => {
    const { Repository, model, Held } = classesOf(table, { dates, likeIsBuiltIn })
    return { Held, create: () => new Repository(executor, model, maxBatchSize) }
  }
  const onCall = executor.onCall?.bind(executor)
  const { Held } = partsOf(source.table)
  return new Held({ source, partsOf, onCall }) as unknown as Repository<Row, Insert, Update>
}

function classesOf(
  table: TableInfo,
  { dates, likeIsBuiltIn }: { readonly dates: DatesAs; readonly likeIsBuiltIn: boolean },
): TableClasses {
  const known = classes[dates].get(table)
  if (known !== undefined) return known
  const model = new TableModel(table, dates, { likeIsBuiltIn })
  const Repository = class RepositoryOfTable extends TableRepository {}
  const Held = class HeldOfTable extends HeldRepository {}
  for (const [spelling, columns] of finderSpellings(model)) {
    const finder = (many: boolean) =>
      async function (this: TableRepository, value: unknown): Promise<unknown> {
        return this[FIND_BY_COLUMN](onlyColumn(model, spelling, columns), value, many)
      }
    for (const start of ['findBy', 'findOneBy', 'findManyBy']) {
      const name = `${start}${spelling}`
      // `findById` stays the search by primary key, whatever the columns are called.
      if (name === 'findById') continue
      define(Repository.prototype, name, finder(start === 'findManyBy'))
      define(Held.prototype, name, heldFinder(name))
    }
  }
  const made = { model, Repository, Held }
  classes[dates].set(table, made)
  return made
}
