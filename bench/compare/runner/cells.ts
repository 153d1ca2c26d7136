/** From the verdicts of several runs to what stands in the table. */
import type { Kind, Verdict } from '../lib/verdict.ts'

export interface Finding {
  readonly kind: Kind
  readonly short: string
  readonly says: string
}

export interface Cell extends Finding {
  readonly scenario: string
  readonly row: string | null
  readonly tool: string
  /** What a setting changes, where the defaults are not green and the script offers one. */
  readonly setting: ({ readonly name: string } & Finding) | null
}

const FROM_BEST: readonly Kind[] = ['green', 'refuses', 'not-run', 'yellow', 'red']

/** The worst verdict of each row. */
export function worstByRow(runs: readonly (readonly Verdict[])[]): readonly Verdict[] {
  const worst = new Map<string | null, Verdict>()
  for (const verdict of runs.flat()) {
    const before = worst.get(verdict.row)
    if (before === undefined || FROM_BEST.indexOf(verdict.kind) > FROM_BEST.indexOf(before.kind))
      worst.set(verdict.row, verdict)
  }
  return [...worst.values()]
}

/** The settings that are worth a run: of rows that are neither green nor beyond this machine. */
export function needsSetting({ kind, offers }: Verdict): boolean {
  return offers !== null && kind !== 'green' && kind !== 'not-run'
}

export function cellsOf(
  { scenario, tool }: { readonly scenario: string; readonly tool: string },
  defaults: readonly Verdict[],
  recommended: readonly Verdict[],
): readonly Cell[] {
  return defaults.map((verdict) => {
    const better = needsSetting(verdict)
      ? recommended.find(({ row }) => row === verdict.row || row === null)
      : undefined
    const setting = better === undefined ? null : { name: verdict.offers ?? '', ...findingOf(better) }
    return { scenario, row: verdict.row, tool, ...findingOf(verdict), setting }
  })
}

function findingOf({ kind, short, says }: Verdict): Finding {
  return { kind, short, says }
}
