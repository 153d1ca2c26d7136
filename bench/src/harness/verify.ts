/** Before anything is timed: all contestants answer alike, and run under the same settings. */
import { CONTESTANTS, type ContestantName } from '../contestants/contestants.ts'
import { fileForTrial, prepareFile } from '../files/files.ts'
import { lanesOf } from '../work.ts'
import { runChild } from './run-child.ts'
import type { Verified } from './task.ts'

/** @throws Error naming the contestant and what differs. */
export async function verify(folder: string): Promise<void> {
  await prepareFile(folder, 'items')
  const names = Object.keys(CONTESTANTS) as ContestantName[]
  const verified: [name: string, Verified][] = []
  for (const lane of lanesOf(names.filter((name) => CONTESTANTS[name].load !== null))) {
    const path = await fileForTrial(folder, 'items', `verify ${lane.name}`)
    verified.push([lane.name, (await runChild({ kind: 'verify', lane, path })).result])
  }

  const reference = new Map(verified).get('better-sqlite3')
  if (reference === undefined) throw new Error('there is nobody to compare with')
  const problems = verified.flatMap(([name, { results, pragmas }]) => [
    ...differences(results, reference.results).map((what) => `${name}: ${what} returns something else`),
    ...differences(pragmas, reference.pragmas).map((what) => `${name}: PRAGMA ${what} is different`),
  ])
  if (problems.length > 0) throw new Error(`not the same on all sides:\n${problems.join('\n')}`)
}

function differences(one: object, other: object): readonly string[] {
  const theirs = new Map<string, unknown>(Object.entries(other))
  return Object.entries(one).flatMap(([name, value]) => (theirs.get(name) === value ? [] : [name]))
}
