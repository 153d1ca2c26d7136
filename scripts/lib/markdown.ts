/** The parts of a Markdown page that can be checked: fenced code and tables. */

export interface CodeBlock {
  /** What stands after the opening fence: `ts`, `sh`, `ts no-run`. */
  readonly info: string
  readonly code: string
  /** 1-based line of the opening fence. */
  readonly line: number
}

export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(/^(`{3,})([^\n`]*)\n([\s\S]*?)^\1[ \t]*$/gm)].map((match) => ({
    info: (match[2] ?? '').trim(),
    code: match[3] ?? '',
    line: page.slice(0, match.index).split('\n').length,
  }))
}

/** Rows of all tables, each as its cells; rules (`|---|`) left out, an escaped bar (`\|`) kept as a bar. */
export function tableRows(page: string): readonly (readonly string[])[] {
  const outsideCode = page.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1[ \t]*$/gm, '')
  return outsideCode
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s:|-]+$/.test(line))
    .map((line) => {
      const cells = line
        .trim()
        .replace(/^\||(?<!\\)\|$/g, '')
        .split(/(?<!\\)\|/)
      return cells.map((cell) => cell.trim().replaceAll('\\|', '|'))
    })
}

/** All names in backticks of a cell: "`a`, `b`" has two. */
export function backticked(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
}
