/**
 * The range that a pattern's beginning spans, written beside LIKE or GLOB, so that an index finds it. SQLite would do so by
 * itself only by looking at the bound pattern: with stable plans it does not, and without them it prepares the statement
 * anew for each pattern (https://sqlite.org/optoverview.html#the_like_optimization). LIKE or GLOB still decides.
 */
import type { ColumnModel } from './row-decoder.ts'
import type { TableModel } from './table-model.ts'

/** What a pattern means: LIKE's `%` and `_`, with `\` before them where it is ESCAPEd, or GLOB's `*`, `?` and `[`. */
export type PatternKind = 'like' | 'escaped' | 'glob'

export interface PatternRange {
  /** `"name" COLLATE NOCASE >= +? AND "name" COLLATE NOCASE < +?` */
  readonly sql: string
  readonly low: string
  readonly high: string
}

const WILDCARD = { like: /[%_]/, escaped: /\\(.)|[%_]/s, glob: /[*?[]/ }

/**
 * `null` where it would help nobody: no index of the right collation begins with the column, the pattern begins with a
 * wildcard, the column may hold numbers, which LIKE compares as text, or the user has brought another LIKE.
 */
export function patternRange(
  { table, likeIsBuiltIn }: Pick<TableModel, 'table' | 'likeIsBuiltIn'>,
  column: ColumnModel,
  pattern: string,
  kind: PatternKind,
): PatternRange | null {
  const collation = kind === 'glob' ? 'BINARY' : 'NOCASE'
  const indexed = table.indexes.some(
    ({ columns: [first] }) => first?.name === column.info.name && first.collation.toUpperCase() === collation,
  )
  if (!indexed || !likeIsBuiltIn || column.info.affinity !== 'TEXT') return null
  const low = beginningOf(pattern, kind)
  const high = low === '' ? null : nextAfter(low)
  if (high === null) return null
  const compared = `${column.sql} COLLATE ${collation}`
  return { sql: `${compared} >= +? AND ${compared} < +?`, low, high }
}

/** What every text that matches begins with. */
function beginningOf(pattern: string, kind: PatternKind): string {
  let beginning = ''
  let rest = pattern
  for (;;) {
    const wildcard = WILDCARD[kind].exec(rest)
    if (wildcard === null) return beginning + rest
    beginning += rest.slice(0, wildcard.index)
    const escaped = wildcard[1]
    if (escaped === undefined) return beginning
    beginning += escaped
    rest = rest.slice(wildcard.index + wildcard[0].length)
  }
}

/**
 * A text behind all that begin with this one, in the order of bytes and in that of NOCASE, which compares A to Z as a to
 * z; `null` when there is none.
 */
function nextAfter(text: string): string | null {
  const characters = [...text]
  while (characters.length > 0) {
    const last = (characters.pop() ?? '').toLowerCase().codePointAt(0) ?? 0
    // The codes of surrogates are no characters.
    if (last < 0x10ffff) return characters.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
  }
  return null
}
