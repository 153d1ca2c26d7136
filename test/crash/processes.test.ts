/** The promise "never busy" between processes: those that write to one file at the same time all get on. */
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import type { Told } from './support/rows.ts'
import { SOAK } from './support/seed.ts'
import { finished, type RunningProgram, startProgram } from './support/start-program.ts'

const MINUTES = 60_000

interface WriterOptions {
  readonly inFlight: number
  readonly rows: number
  readonly count: number | null
}

/** Starts them all, and lets them go when the last is ready. */
async function startWriters(path: string, writers: readonly WriterOptions[]): Promise<readonly RunningProgram[]> {
  const programs: RunningProgram[] = []
  // One after another: the first makes the table.
  for (const [writer, options] of writers.entries()) {
    const program = startProgram('write-rows', { path, writer, ...options })
    programs.push(program)
    if (writer === 0) await program.said(1)
  }
  for (const program of programs) await program.said(1)
  for (const { child } of programs) child.stdin?.write('\n')
  return programs
}

async function toldBy(program: RunningProgram): Promise<Told> {
  await finished(program)
  return JSON.parse(program.lines.at(-1) ?? '') as Told
}

async function expectWhole(path: string, told: readonly Told[]): Promise<void> {
  const db = new NOORMME(path)
  const { rows } = await db.execute<{ writer: number; committed: number }>(
    'SELECT writer, count(DISTINCT n) AS committed FROM written GROUP BY writer ORDER BY writer',
  )
  expect(rows).toEqual(told.map(({ committed }, writer) => ({ writer, committed })))
  expect((await db.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }])
  await db.close()
}

test(
  'eight processes that write at once are all done, none was ever told that the file is busy, and every row is there',
  async () => {
    const path = join(tempFolder(), 'eight.db')
    const count = SOAK ? 20_000 : 60
    // Half of them one write at a time, half many at once.
    const writers = Array.from({ length: 8 }, (_, index) => ({ inFlight: index % 2 === 0 ? 1 : 10, rows: 3, count }))
    const told = await Promise.all((await startWriters(path, writers)).map(toldBy))
    expect(told).toEqual(writers.map(() => ({ committed: count, refused: [] })))
    await expectWhole(path, told)
  },
  SOAK ? 60 * MINUTES : 2 * MINUTES,
)

test(
  'a process that writes flat out and three that write one row at a time all get on, and none is told that the file is busy',
  async () => {
    const path = join(tempFolder(), 'turns.db')
    // Each of these writes holds the lock for several milliseconds, and the next one is waiting already.
    const flatOut = { inFlight: 4, rows: 5000, count: null }
    const count = SOAK ? 2000 : 60
    const modest = { inFlight: 1, rows: 1, count }
    const [first, ...others] = (await startWriters(path, [flatOut, modest, modest, modest])) as [
      RunningProgram,
      ...RunningProgram[],
    ]
    const told = await Promise.all(others.map(toldBy))
    first.child.stdin?.end()
    const toldFirst = await toldBy(first)

    expect(told).toEqual(others.map(() => ({ committed: count, refused: [] })))
    expect(toldFirst.refused).toEqual([])
    expect(toldFirst.committed).toBeGreaterThan(0)
    await expectWhole(path, [toldFirst, ...told])
  },
  SOAK ? 60 * MINUTES : 2 * MINUTES,
)
