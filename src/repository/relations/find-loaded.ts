/** Finding rows together with their relations: what the repository's methods hand over when `with` or `withCount` is given. */
import type { Executor, ReadOptions, Row, Statement } from '../../engine/types.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import { buildWithDateFormats } from '../date-column.ts'
import {
  callLimits,
  checkOptions,
  compileSelect,
  countAllSql,
  FIND_BY_ID_OPTIONS,
  type SelectParts,
  selectTail,
} from '../find-options.ts'
import { decodeRows } from '../row-decoder.ts'
import { keyValues } from '../row-key.ts'
import type { TableModel } from '../table-model.ts'
import { compileLoad } from './compile-load.ts'
import { asksForRelations, readTree } from './read-tree.ts'

/** A SELECT and how its rows become what the caller gets. */
export interface Finding {
  readonly statement: Statement
  readonly read: ReadOptions | undefined
  /** The objects, and the number of all rows that match where it was asked for and there is a row to carry it. */
  readonly finish: (rows: Row[]) => Promise<{ readonly objects: object[]; readonly total: number | null }>
}

/** Compiles a search with whatever its options ask for. */
export function compileFind(model: TableModel, parts: SelectParts): Finding {
  const { options, countAs } = parts
  if (!asksForRelations(options)) {
    const { statement, decode, read } = compileSelect(model, parts)
    return {
      statement,
      read,
      finish: async (rows) => {
        const total = countAs === undefined ? null : takeTotal(rows, countAs)
        return { objects: await decodeRows(rows, decode), total }
      },
    }
  }

  const counting: SqlValue[] = []
  const counted = countAs === undefined ? null : countAllSql(model, options.where, counting)
  const parameters: SqlValue[] = []
  const { sql } = selectTail(model, parts, parameters)
  const unlimited = parts.limit === null && parts.offset === 0
  const { statement, read, assemble } = compileLoad(
    {
      node: readTree(model, options),
      tail: { sql: unlimited ? `${sql} LIMIT -1` : sql, parameters },
      ...(counted === null ? {} : { extra: { sql: counted, parameters: counting } }),
    },
    callLimits(options),
  )
  return {
    statement,
    read,
    finish: async (rows) => {
      const { objects, extras } = await assemble(rows)
      return { objects, total: extras[0] === undefined ? null : Number(extras[0]) }
    },
  }
}

/** `findById` with options. */
export async function findByIdWith(
  executor: Executor,
  model: TableModel,
  { id, options, method }: { readonly id: unknown; readonly options: unknown; readonly method: string },
): Promise<object | null> {
  const checked = checkOptions(model, method, options, FIND_BY_ID_OPTIONS)
  const { statement, read, assemble } = await buildWithDateFormats(executor, () => {
    const parameters = keyValues(model, id, method)
    const tail = { sql: ` FROM ${model.sql} WHERE ${model.whereKey}`, parameters }
    return compileLoad({ node: readTree(model, checked), tail }, callLimits(checked))
  })
  const { rows } = await executor.execute(statement, read)
  return (await assemble(rows)).objects[0] ?? null
}

/** Takes the total out of each row, which leaves the row as the caller expects it; `null` when there is none. */
function takeTotal(rows: readonly Row[], countAs: string): number | null {
  const total = rows[0]?.[countAs]
  for (const row of rows) delete row[countAs]
  return total === undefined ? null : Number(total)
}
