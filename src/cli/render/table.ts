/** Rows in aligned columns. The last column is broken into lines where the row would be too wide. */
import type { Style } from './style.ts'
import { displayWidth, pad, printable } from './text.ts'

export interface Column {
  readonly title: string
  /** Where its text stands. Default: `left`. */
  readonly side?: 'left' | 'right'
}

const GAP = '  '
/** A column narrower than this is harder to read than a line that is too long. */
const MIN_LAST_WIDTH = 20

/** Cells are made printable here. Columns in which no row has anything are left out; without titles there is no head. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const kept = columns.flatMap((_, index) => (rows.some((row) => row[index]) ? [index] : []))
  const cells = rows.map((row) => kept.map((index) => printable(row[index] ?? '')))
  const heads = kept.map((index) => columns[index]?.title ?? '')
  const widths = heads.map((head, index) =>
    Math.max(displayWidth(head), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  )
  const last = kept.length - 1
  const indent = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0)
  const room = Math.max(MIN_LAST_WIDTH, style.width - indent)

  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => {
        const side = columns[kept[index] ?? 0]?.side ?? 'left'
        return index === last && side === 'left' ? text : pad(text, widths[index] ?? 0, side)
      })
      .join(GAP)
      .trimEnd()
  const head = heads.some((text) => text !== '') ? [style.dim(line(heads))] : []
  const body = cells.flatMap((row) => {
    const [first = '', ...more] = breakLines(row[last] ?? '', room)
    return [line([...row.slice(0, last), first]), ...more.map((text) => ' '.repeat(indent) + text)]
  })
  return [...head, ...body].join('\n')
}

/** Breaks at blanks only; a word that is too long stays whole. */
export function breakLines(text: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (current !== '' && displayWidth(longer) > width) {
      lines.push(current)
      current = word
    } else current = longer
  }
  return [...lines, current]
}
