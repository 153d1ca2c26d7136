/**
 * The names somebody probably meant: for "did you mean …?" behind every unknown key, table and column.
 *
 * A candidate counts when it is a few slips of the fingers away (a letter too many, missing, wrong, or two swapped),
 * or when one of the two names holds the other whole (`email` and `email_address`).
 */

/** More than two suggestions are a list to read, not a hint. */
const MAX_SUGGESTIONS = 2
/** Slips allowed at most, however long the name. */
const MAX_SLIPS = 3
/** One slip is allowed for each three letters: more would call `name` a misspelling of `date`. */
const LETTERS_PER_SLIP = 3
/** Shorter names are held by too many others to mean anything. */
const MIN_HELD_LETTERS = 3

/**
 * The candidates nearest to `name`, best first, at most two; those that differ only in case stand alone.
 *
 * @example
 * nearest('emial', ['id', 'email', 'name']) // ['email']
 */
export function nearest(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase()
  const scored: { readonly candidate: string; readonly slips: number }[] = []
  for (const candidate of new Set(candidates)) {
    const slips = score(wanted, candidate.toLowerCase())
    if (slips !== null) scored.push({ candidate, slips })
  }

  scored.sort((a, b) => a.slips - b.slips)
  const best = scored[0]?.slips === 0 ? scored.filter(({ slips }) => slips === 0) : scored
  return best.slice(0, MAX_SUGGESTIONS).map(({ candidate }) => candidate)
}

/** Slips between two names, more than any slips when one holds the other, `null` when they have little in common. */
function score(a: string, b: string): number | null {
  const longer = Math.max(a.length, b.length)
  const shorter = Math.min(a.length, b.length)

  const allowed = Math.min(MAX_SLIPS, Math.max(1, Math.floor(longer / LETTERS_PER_SLIP)), Math.max(0, longer - 1))
  if (longer - shorter <= allowed) {
    const slips = distance(a, b)
    if (slips <= allowed) return slips
  }

  const holds = shorter >= MIN_HELD_LETTERS && (a.includes(b) || b.includes(a))
  return holds ? MAX_SLIPS + longer - shorter : null
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each counted as one. */
function distance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)

  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      let best = Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1)
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }

  return previous[b.length] ?? 0
}
