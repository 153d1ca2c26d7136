/** A bank under concurrent transfers, readers in two processes, and kills: its sum is the same at all times. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { NOORMME } from 'noormme'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { type BankFault, EVERYTHING, openBank, sumOf, wrongAccounts } from './support/bank.ts'
import { chance, rounds, SEED } from './support/seed.ts'
import { type RunningProgram, startProgram } from './support/start-program.ts'

const MINUTES = 60_000
/** More than any round makes. */
const TRANSFERS_A_ROUND = 10_000_000

interface Told {
  readonly sums: readonly number[]
  readonly done: readonly number[]
}

const startBank = (path: string, round: number, fault: BankFault | null): RunningProgram =>
  startProgram('bank', { path, first: 1 + round * TRANSFERS_A_ROUND, seed: SEED, fault })

/** Kills the bank after so many lines and some time, and returns what it said. */
async function runAndKill(program: RunningProgram, lines: number, moreMs: number): Promise<Told> {
  program.child.stdin?.write('\n')
  await program.said(lines)
  // Not to wait for anything: the kill is to fall on any moment.
  await pause(moreMs)
  await program.kill()

  const numbers = (word: string) =>
    program.lines.filter((line) => line.startsWith(word)).map((line) => Number(line.slice(word.length)))
  return { sums: numbers('sum '), done: numbers('done ') }
}

test(
  'the sum is the same for every snapshot of every process, whatever is killed',
  async () => {
    const path = join(tempFolder(), 'bank.db')
    const start = (round: number) => startBank(path, round, null)
    let next = start(0)
    for (const round of rounds(4, 200)) {
      const draw = chance(`bank ${round}`)
      const db = new NOORMME(path)
      await openBank(db)
      const current = next
      next = start(round + 1)
      const nextLine = () => current.said(current.lines.length + 1)
      let running = true
      const watching = (async () => {
        const seen: number[] = []
        while (running) seen.push(await db.snapshot((snapshot) => sumOf(snapshot, nextLine)))
        return seen
      })()

      const { sums, done } = await runAndKill(current, draw.between(200, 2000), draw.between(0, 25))
      running = false
      const seen = await watching
      const kept = new Set((await db.execute<{ id: number }>('SELECT id FROM transfers')).rows.map(({ id }) => id))

      expect(new Set([...sums, ...seen]), `round ${round}`).toEqual(new Set([EVERYTHING]))
      expect(Math.min(sums.length, seen.length, done.length), `round ${round}`).toBeGreaterThan(0)
      expect(
        done.filter((id) => !kept.has(id)),
        `round ${round}: acknowledged and gone`,
      ).toEqual([])
      expect(await wrongAccounts(db), `round ${round}`).toEqual([])
      expect((await db.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }])
      await db.close()
    }
  },
  60 * MINUTES,
)

test.each(['no transaction', 'no snapshot'] as const)(
  'counter-proof: with %s the sum is wrong at times',
  async (fault) => {
    const { sums } = await runAndKill(startBank(join(tempFolder(), 'bank.db'), 0, fault), 3000, 0)
    expect(sums.filter((sum) => sum !== EVERYTHING).length).toBeGreaterThan(0)
  },
  5 * MINUTES,
)
