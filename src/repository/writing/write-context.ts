/** What the methods of one table's repository work with. */
import type { SchemaInfo } from '../../schema/types.ts'
import type { RepositoryContext } from '../repository-context.ts'
import type { TableModel } from '../table-model.ts'
import type { TableRules } from './table-rules.ts'

export interface WriteContext extends Pick<RepositoryContext, 'executor' | 'maxBatchSize'> {
  /** The schema that the table is of. */
  readonly schema: SchemaInfo
  readonly model: TableModel
  readonly rules: TableRules
  /** The same for another table of the schema, by any of its names. */
  readonly related: (table: string) => Pick<WriteContext, 'model' | 'rules'>
}
