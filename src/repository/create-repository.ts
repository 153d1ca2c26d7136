/** Makes repositories: methods of {@link TableRepository} plus the finders of one table, following the schema. */
import type { TableSource } from '../schema/live-schema.ts'
import { findTable } from '../schema/lookup.ts'
import type { SchemaInfo, TableInfo } from '../schema/types.ts'
import { finderSpellings, onlyColumn } from './finders.ts'
import { define, type HeldClass, HeldRepository, heldFinder } from './held-repository.ts'
import type { RepositoryContext } from './repository-context.ts'
import type { RowInput } from './row-types.ts'
import { type Reading, TableModel } from './table-model.ts'
import { FIND_BY_COLUMN, TableRepository } from './table-repository.ts'
import type { Repository } from './types.ts'
import type { WriteContext } from './writing/write-context.ts'

type RepositoryClass = new (context: WriteContext) => TableRepository

interface TableClasses {
  readonly model: TableModel
  readonly Repository: RepositoryClass
  readonly Held: HeldClass
}

/** Made once a table of a schema and way of reading it. Not once a table: its relations lead to others, as they are then. */
const classes = new WeakMap<SchemaInfo, Map<string, TableClasses>>()

/**
 * A repository of one table or view, as `source` has it at each call.
 *
 * @example
 * const context = { executor: engine, dates: 'text', naming: 'stored', maxBatchSize: 1000, rulesOf }
 * const users = createRepository<User>(context, live.source('users'))
 * const user = await users.findByEmail('a@example.org')
 * @throws TableNotFoundError when `source` has no table now.
 */
export function createRepository<
  Row extends object = Record<string, unknown>,
  Insert = RowInput<Row>,
  Update = RowInput<Row>,
>(context: RepositoryContext, source: TableSource): Repository<Row, Insert, Update> {
  const partsOf = ({ schema, table }: TableSource) => {
    const { Repository, model, Held } = classesOf(schema, table, context)
    return { Held, create: () => new Repository(writeContext(context, schema, model)) }
  }
  const onCall = context.executor.onCall?.bind(context.executor)
  const { Held } = partsOf(source)
  return new Held({ source, partsOf, onCall }) as unknown as Repository<Row, Insert, Update>
}

function writeContext(context: RepositoryContext, schema: SchemaInfo, model: TableModel): WriteContext {
  const { executor, maxBatchSize, rulesOf } = context
  const related = (name: string) => {
    const table = findTable(schema, name, context.naming)
    return { model: classesOf(schema, table, context).model, rules: rulesOf(table) }
  }
  return { executor, schema, maxBatchSize, model, rules: rulesOf(model.table), related }
}

function classesOf(schema: SchemaInfo, table: TableInfo, reading: Reading): TableClasses {
  const ofSchema = classes.get(schema) ?? new Map<string, TableClasses>()
  classes.set(schema, ofSchema)
  const { dates, naming, likeIsBuiltIn = true } = reading
  const key = JSON.stringify([table.name, dates, naming, likeIsBuiltIn])
  const known = ofSchema.get(key)
  if (known !== undefined) return known
  const related = (name: string): TableModel => classesOf(schema, findTable(schema, name), reading).model
  const made = makeClasses(new TableModel(table, { dates, naming, likeIsBuiltIn }, related))
  ofSchema.set(key, made)
  return made
}

function makeClasses(model: TableModel): TableClasses {
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
  return { model, Repository, Held }
}
