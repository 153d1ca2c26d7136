/** A matrix written down as text: rows of calls, columns of states. */

/** What is expected of one call in one state. */
export type Cell =
  | { readonly kind: 'works'; readonly gives: string | null }
  | { readonly kind: 'waits' }
  | { readonly kind: 'rejects'; readonly code: string }

/**
 * Reads the table for one journal mode.
 *
 *     ok     works          a/b    a in WAL mode, b without it
 *     waits  works later    =a     works, and gives the text a
 *     CODE   is rejected with NOORMME_CODE
 */
export function readTable(text: string, wal: boolean): Map<string, Map<string, Cell>> {
  const [head = [], ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((part) => part.trim()))
  return new Map(
    rows.map(([name = '', ...cells]) => [
      name,
      new Map(cells.map((cell, column) => [head[column + 1] ?? '', readCell(cell, wal)])),
    ]),
  )
}

function readCell(text: string, wal: boolean): Cell {
  const [withWal = '', without = withWal] = text.split('/')
  const word = wal ? withWal : without
  if (word === 'ok') return { kind: 'works', gives: null }
  if (word === 'waits') return { kind: 'waits' }
  return word.startsWith('=') ? { kind: 'works', gives: word.slice(1) } : { kind: 'rejects', code: `NOORMME_${word}` }
}
