/** What stands for a row, or for its key, in the calls of a repository. */
import type { Operand } from './where-types.ts'

/** The key of a row: a value, or an object of exactly the key's columns, which a composite key needs. */
export type RowKey<Row> = string | number | bigint | boolean | Uint8Array | Date | RowInput<Row>

/** Data of a row to be stored. A Date can be given for a text, a bigint for a number, and the other way round. */
export type RowInput<Row> = { readonly [K in keyof Row]?: Row[K] | Operand<Row[K]> }

/** A row as it was read, with some columns as they are to be stored. */
export type ChangedRow<Row, Update> = {
  readonly [K in keyof Row]?: Row[K] | (K extends keyof Update ? Update[K] : never)
}
