/**
 * What a script has found, said in words and, on the next line, as JSON for `npm run compare`.
 *
 *     verdict('red', 'lost 1 of 2', 'B was told that it is committed, and its row is gone.')
 */
import { writeSync } from 'node:fs'

/**
 * green: what the row asks for holds. yellow: nothing is lost or wrong, but something is refused or waits. red: it does not
 * hold. refuses: the tool has no such thing, and says so. not-run: this machine lacks something.
 */
export type Kind = 'green' | 'yellow' | 'red' | 'refuses' | 'not-run'

export interface Verdict {
  readonly kind: Kind
  /** A few words for the table of all. */
  readonly short: string
  /** What happened. */
  readonly says: string
  /** The row of a scenario that has several. */
  readonly row: string | null
  /** The setting that the script offers beside the defaults. */
  readonly offers: string | null
  /** Whether it was run with that setting. */
  readonly recommended: boolean
}

export const SYMBOLS: Readonly<Record<Kind, string>> = {
  green: '✅',
  yellow: '🟡',
  red: '❌',
  refuses: '➖',
  'not-run': '⏸️',
}

const MARK = '::verdict '
let offered: { readonly setting: string; readonly row: string | null } | null = null

/**
 * Whether to use `setting` instead of the default: when the script is run with `--recommended`. Naming it here tells the runner
 * that there is one.
 *
 * @param row The row that it changes, where the scenario has several and it is not for all.
 */
export function recommended(setting: string, row: string | null = null): boolean {
  offered = { setting, row }
  return process.argv.includes('--recommended')
}

export function verdict(kind: Kind, short: string, says: string, row: string | null = null): void {
  const offers = offered !== null && (offered.row ?? row) === row ? offered.setting : null
  const found: Verdict = { kind, short, says, row, offers, recommended: process.argv.includes('--recommended') }
  const setting = found.recommended && offers !== null ? ` (with ${offers})` : ''
  // At once, so that it is out when a tool that hangs is ended.
  writeSync(1, `${SYMBOLS[kind]} ${short}${setting}: ${says}\n${MARK}${JSON.stringify(found)}\n`)
}

/** The verdicts in what a script has printed. */
export function verdictsIn(output: string): readonly Verdict[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith(MARK))
    .map((line) => JSON.parse(line.slice(MARK.length)))
}

/** Runs what the tool should refuse, and says with which words it does. */
export async function refuses(short: string, act: () => unknown): Promise<void> {
  try {
    await act()
    verdict('red', 'takes it', 'It took what it has no support for, without a word.')
  } catch (error) {
    verdict('refuses', short, `It says: ${firstLine(error)}`)
  }
}

/** The first line of an error that says something; bare of colours. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one.
  const lines = text.replace(/\u001b\[[0-9;]*m/g, '').split('\n')
  const said = lines.filter((line) => line.trim() !== '')
  return (said.length > 1 && /^Invalid /.test(said[0] ?? '') ? said.at(-1) : said[0])?.trim().slice(0, 160) ?? ''
}
