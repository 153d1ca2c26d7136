/** Turns what a visitor typed into an FTS5 expression that looks for just that. */

/**
 * Every word becomes a quoted string (https://sqlite.org/fts5.html#fts5_strings) with a prefix star, so operators,
 * quotes and brackets in it are text and never syntax. `null` when there is no word in it.
 */
export function matchExpression(text: string): string | null {
  const words = text
    .replaceAll('\0', ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  return words.length === 0 ? null : words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(' ')
}
