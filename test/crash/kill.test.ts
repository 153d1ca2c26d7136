/** The promise "durable" against `kill -9`: what was acknowledged is there, what was not is there whole or not at all. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { NOORMME } from 'noormme'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { type Chance, chance, rounds, SOAK } from './support/seed.ts'
import { type RunningProgram, startProgram } from './support/start-program.ts'
import { holes, judge, lost, type Part, READ_UNITS, type UnitName, unitName } from './support/units.ts'

/** More than any round has clients. */
const CLIENTS_A_ROUND = 100

interface Round {
  readonly draw: Chance
  /** After how many acknowledgements it is killed: within its first or second life, where those are short. */
  readonly acknowledgements: number
  readonly program: RunningProgram
}

/** Starts a program that waits for its turn. */
function prepareRound(label: string, path: string, first: number, early: boolean): Round {
  const draw = chance(label)
  // A program that acknowledges early must be met while it writes, not while it closes and opens again.
  const share = early ? 1_000_000 : draw.pick([2, 20, 1_000_000])
  const acknowledgements = draw.between(1, Math.min(1500, share * 150))
  return { draw, acknowledgements, program: startProgram('write-units', { path, first, share, early }) }
}

/** Lets it write, kills it at a moment that `draw` chooses, and returns what was acknowledged. */
async function writeAndDie({ draw, acknowledgements, program }: Round): Promise<Set<UnitName>> {
  program.child.stdin?.write('\n')
  await program.said(acknowledgements)
  // Not to wait for anything: the kill is to fall on any moment, not on that of an acknowledgement.
  await pause(draw.between(0, 25))
  await program.kill()

  return new Set(program.lines.map((line) => unitName(...(line.split(' ').map(Number) as [number, number]))))
}

test(
  'no acknowledged write is lost to kill -9, none is left in pieces, and the file is usable at once',
  async () => {
    const path = join(tempFolder(), 'killed.db')
    const prepare = (round: number) => prepareRound(`kill ${round}`, path, round * CLIENTS_A_ROUND, false)
    let units = 0
    let next = prepare(0)
    for (const round of rounds(10, 500)) {
      const current = next
      next = prepare(round + 1)
      const acknowledged = await writeAndDie(current)

      const db = new NOORMME(path)
      const check = await db.execute('PRAGMA integrity_check')
      const judgement = judge((await db.execute<Part>(READ_UNITS)).rows)
      expect(check.rows, `round ${round}`).toEqual([{ integrity_check: 'ok' }])
      expect(lost(acknowledged, judgement), `round ${round}: lost`).toEqual([])
      expect(judgement.broken, `round ${round}: broken`).toEqual([])
      expect(holes(judgement), `round ${round}: holes`).toEqual([])
      units += acknowledged.size

      expect((await db.execute('DELETE FROM parts')).numAffectedRows, `round ${round}`).toBeGreaterThan(0n)
      await db.close()
    }
    expect(units).toBeGreaterThan(0)
  },
  SOAK ? 3_600_000 : 300_000,
)

test(
  'counter-proof: acknowledging before the commit loses acknowledged writes',
  async () => {
    let missing = 0
    for (const round of rounds(2, 10)) {
      const path = join(tempFolder(), `early-${round}.db`)
      const acknowledged = await writeAndDie(prepareRound(`early ${round}`, path, 0, true))
      const db = new NOORMME(path)
      missing += lost(acknowledged, judge((await db.execute<Part>(READ_UNITS)).rows)).length
      await db.close()
    }
    expect(missing).toBeGreaterThan(0)
  },
  SOAK ? 600_000 : 300_000,
)
