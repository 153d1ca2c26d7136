/** Before anything is timed: all contestants answer alike, and run under the same settings. */
import { CONTESTANTS, type ContestantName } from '../contestants/contestants.ts'
import { fileForTrial, prepareFile } from '../files/files.ts'
import { type Lane, lanesOf } from '../work.ts'
import { runChild } from './run-child.ts'
import type { Verified } from './task.ts'

/** What is wrong with contestants whose numbers would not be comparable: they are not measured. */
export type Unfit = ReadonlyMap<ContestantName, string>

const REFERENCE = 'better-sqlite3'

/** @throws Error when it is noormme, or the one that all are compared with. */
export async function verify(folder: string, contestants: ReadonlySet<ContestantName>): Promise<Unfit> {
  await prepareFile(folder, 'items')
  const reference = await verified(folder, laneFor(REFERENCE))
  const unfit = new Map<ContestantName, string>()
  for (const name of contestants) {
    if (name === REFERENCE || CONTESTANTS[name].load === null) continue
    const problem = await problemOf(folder, laneFor(name), reference)
    if (problem === null) continue
    if (name.startsWith('noormme')) throw new Error(`${name} ${problem}`)
    unfit.set(name, problem)
  }
  return unfit
}

async function problemOf(folder: string, lane: Lane, reference: Verified): Promise<string | null> {
  try {
    const { results, pragmas } = await verified(folder, lane)
    const answers = differences(results, reference.results)
    if (answers.length > 0) return `answers differently: ${answers.join(', ')}`
    const settings = differences(pragmas, reference.pragmas)
    return settings.length > 0 ? `runs under another ${settings.join(', ')}` : null
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : error}`
  }
}

async function verified(folder: string, lane: Lane): Promise<Verified> {
  const path = await fileForTrial(folder, 'items', `verify ${lane.name.replace(':', ' ')}`)
  return (await runChild({ kind: 'verify', lane, path })).result
}

function laneFor(contestant: ContestantName): Lane {
  const [lane] = lanesOf([contestant])
  if (lane === undefined) throw new Error(`${contestant} has no lane`)
  return lane
}

function differences(one: object, other: object): readonly string[] {
  const theirs = new Map<string, unknown>(Object.entries(other))
  return Object.entries(one).flatMap(([name, value]) => (theirs.get(name) === value ? [] : [name]))
}
