/** What the writing methods of one table work with. */
import type { Executor } from '../../engine/types.ts'
import type { TableModel } from '../table-model.ts'
import type { TableRules } from './table-rules.ts'

export interface WriteContext {
  readonly executor: Executor
  readonly model: TableModel
  readonly rules: TableRules
  /** `performance.maxBatchSize` */
  readonly maxBatchSize: number
  /** The same for another table of the schema. */
  readonly related: (table: string) => Pick<WriteContext, 'model' | 'rules'>
}
