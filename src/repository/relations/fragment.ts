/** A piece of SQL with what it binds, in the order of its text. */
import type { SqlValue } from '../../sqlite/values.ts'

export interface Fragment {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

export function joinFragments(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    sql: fragments.map(({ sql }) => sql).join(separator),
    parameters: fragments.flatMap(({ parameters }) => parameters),
  }
}
