/** What a run leaves behind in `correctness.json`. */
import { readFile, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { CONTESTANTS } from '../contestants.ts'
import { SCENARIOS } from '../scenarios.ts'
import type { Cell } from './cells.ts'

/** With what it was run; cells of earlier runs are kept as long as it is the same. */
export interface Conditions {
  readonly processor: string
  readonly cores: number
  readonly system: string
  /** By package. */
  readonly versions: Readonly<Record<string, string>>
}

export interface RecordedCell extends Cell {
  /** The day on which it was found, and by which command. */
  readonly date: string
  readonly command: string
}

export interface Results {
  readonly conditions: Conditions
  readonly cells: readonly RecordedCell[]
}

export async function saveResults(file: URL, results: Results): Promise<Results> {
  const before = await readResults(file)
  const kept = before !== null && isDeepStrictEqual(before.conditions, results.conditions) ? before.cells : []
  const all = { conditions: results.conditions, cells: ordered(merge(kept, results.cells)) }
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`)
  return all
}

/** Cells of a script that was run again are replaced, those of scripts that are no more go. */
export function merge<C extends Cell>(before: readonly C[], now: readonly C[]): readonly C[] {
  const scriptOf = ({ scenario, tool }: Cell): string => `${scenario}/${tool}`
  const again = new Set(now.map(scriptOf))
  return [...before.filter((cell) => !again.has(scriptOf(cell))), ...now]
}

function ordered(cells: readonly RecordedCell[]): readonly RecordedCell[] {
  return SCENARIOS.flatMap((scenario) =>
    CONTESTANTS.flatMap(({ name }) => cells.filter((cell) => cell.scenario === scenario.name && cell.tool === name)),
  )
}

async function readResults(file: URL): Promise<Results | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
