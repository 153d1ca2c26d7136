import type { Style } from './style.ts'
import { counted, printable } from './text.ts'

/** What `noormme generate` found, and did about it. */
export interface Generated {
  readonly file: string
  readonly out: string
  /** `stale` and `missing` were only looked at. */
  readonly state: 'written' | 'unchanged' | 'stale' | 'missing'
  /** Tables and views that have types. */
  readonly tables: number
  /** In what the file differed from the database before. */
  readonly changes: readonly string[]
}

export function renderGenerated({ out, state, tables, changes }: Generated, style: Style): string {
  const lines = changes.map((change) => `  ${printable(change)}`)
  return [`${headline(state, style)} ${printable(out)} (${counted(tables, 'table')})`, ...lines].join('\n')
}

function headline(state: Generated['state'], style: Style): string {
  switch (state) {
    case 'written':
      return style.good('written')
    case 'unchanged':
      return style.good('up to date')
    case 'stale':
      return style.bad('not up to date')
    case 'missing':
      return style.bad('missing')
    default:
      return state satisfies never
  }
}
