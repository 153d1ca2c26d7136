/** What the methods of one table's repository work with. */
import type { RepositoryContext } from '../repository-context.ts'
import type { TableModel } from '../table-model.ts'
import type { TableRules } from './table-rules.ts'

export interface WriteContext extends Pick<RepositoryContext, 'executor' | 'schema' | 'maxBatchSize'> {
  readonly model: TableModel
  readonly rules: TableRules
  /** The same for another table of the schema, by any of its names. */
  readonly related: (table: string) => Pick<WriteContext, 'model' | 'rules'>
}
