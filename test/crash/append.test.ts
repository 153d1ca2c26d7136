/**
 * The promise "consistent" under kills: what clients of two processes were told of lists that they append to could have
 * come of transactions run one after another, and of what was acknowledged nothing is gone.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { NOORMME } from 'noormme'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { type AppendFault, valuesOf } from './support/append.ts'
import { anomaliesOf, type FinalLists, type Recorded } from './support/list-append.ts'
import { chance, rounds, SEED } from './support/seed.ts'
import { type RunningProgram, startProgram } from './support/start-program.ts'

const MINUTES = 60_000
/** More than a program appends. */
const VALUES_A_PROGRAM = 10_000_000
const LISTS_A_ROUND = 4

interface Round {
  readonly lists: readonly number[]
  readonly programs: readonly RunningProgram[]
}

/** Two programs that wait for their turn, on lists of their own. */
function prepareRound(path: string, round: number, fault: AppendFault | null): Round {
  const lists = Array.from({ length: LISTS_A_ROUND }, (_, index) => 1 + round * LISTS_A_ROUND + index)
  const programs = ['one', 'other'].map((which, index) =>
    startProgram('append', {
      path,
      name: `${round}-${which}`,
      first: 1 + (2 * round + index) * VALUES_A_PROGRAM,
      lists,
      seed: SEED,
      fault,
    }),
  )
  return { lists, programs }
}

/** Lets both append, kills one after the other, and returns what they said. */
async function appendAndDie({ programs }: Round, lines: number, moreMs: readonly number[]): Promise<Recorded[]> {
  for (const program of programs) await program.said(1)
  for (const { child } of programs) child.stdin?.write('\n')
  for (const program of programs) await program.said(lines)
  for (const [index, program] of programs.entries()) {
    // Not to wait for anything: the kill is to fall on any moment.
    await pause(moreMs[index])
    await program.kill()
  }
  return programs.flatMap((program) => program.lines.slice(1).map((line) => JSON.parse(line) as Recorded))
}

async function finalLists(db: NOORMME, lists: readonly number[]): Promise<FinalLists> {
  const { rows } = await db.execute<{ id: number; items: string }>('SELECT id, items FROM lists')
  return new Map(rows.filter(({ id }) => lists.includes(id)).map((row) => [row.id, valuesOf(row)]))
}

test(
  'what two processes were told is serialisable, whatever is killed: nothing lost, nothing twice, nobody sent back in time',
  async () => {
    const path = join(tempFolder(), 'lists.db')
    const seen = { appended: 0, aborted: 0 }
    let next = prepareRound(path, 0, null)
    for (const round of rounds(3, 150)) {
      const draw = chance(`append ${round}`)
      const current = next
      next = prepareRound(path, round + 1, null)
      const history = await appendAndDie(current, draw.between(100, 1000), [draw.between(0, 25), draw.between(0, 100)])

      const db = new NOORMME(path)
      expect(anomaliesOf(history, await finalLists(db, current.lists)), `round ${round}`).toEqual([])
      expect((await db.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }])
      await db.close()
      seen.aborted += history.filter(({ outcome }) => outcome === 'aborted').length
      seen.appended += history.filter(({ outcome, appends }) => outcome === 'ok' && appends.length > 0).length
    }
    expect(Math.min(seen.appended, seen.aborted), JSON.stringify(seen)).toBeGreaterThan(0)
  },
  60 * MINUTES,
)

test.each([
  ['no transaction', 'is gone'],
  ['no snapshot', 'on a cycle'],
] as const)(
  'counter-proof: with %s the judge says "%s"',
  async (fault, verdict) => {
    const path = join(tempFolder(), 'lists.db')
    const round = prepareRound(path, 0, fault)
    const history = await appendAndDie(round, 400, [0, 0])
    const db = new NOORMME(path)
    expect(anomaliesOf(history, await finalLists(db, round.lists)).join('\n')).toContain(verdict)
    await db.close()
  },
  5 * MINUTES,
)
