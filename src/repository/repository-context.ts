/** What repositories are made with. */
import type { Executor } from '../engine/types.ts'
import type { TableInfo } from '../schema/types.ts'
import type { Reading } from './table-model.ts'
import type { TableRules } from './writing/table-rules.ts'

export interface RepositoryContext extends Reading {
  /** The engine, or the open transaction or snapshot that the repository belongs to: everything goes through it. */
  readonly executor: Executor
  /** `performance.maxBatchSize` */
  readonly maxBatchSize: number
  /** What the repositories of a table keep by themselves. */
  readonly rulesOf: (table: TableInfo) => TableRules
}
