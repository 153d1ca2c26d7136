/**
 * A process that commits batches of 4 ms one right after another, beside three that write a row now and then: the lock is
 * free for some microseconds between two batches, and whoever asks for it once a millisecond hardly ever meets that.
 * Counted, not timed: how many rows the others get in while so many batches are committed.
 */
import { expect, test } from 'vitest'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import { runProgram } from '../../../test/support/run-program.ts'

const BATCHES = 100
const ROWS_EACH = 60
const OTHERS = 3

/** The writer's own code without the hop between threads, which by itself leaves the lock free for a moment. */
const GREEDY = `
import { RunSlot } from 'noormme/engine/thread/run-slot.ts'
import { FairTurns } from 'noormme/engine/writer/fair-turns.ts'
import { commitGroup } from 'noormme/engine/writer/group-commit.ts'
import { Connection } from 'noormme/sqlite/connection.ts'
import { DEFAULT_SETTINGS } from '${new URL('../../../test/support/engine-options.ts', import.meta.url).href}'
const [path, pauses] = process.argv.slice(2)
const extensions = { libraries: [], setup: null }
const settings = { ...DEFAULT_SETTINGS, synchronous: 'OFF' }
const connection = await Connection.open({ label: 'writer', role: 'writer', path, settings, extensions })
const turns = pauses === 'true' ? new FairTurns() : new FairTurns({ now: () => performance.now(), sleep: () => {} })
const context = { connection, turns, busyTimeout: 60_000, slot: new RunSlot() }
const group = { waitMs: 60_000, firstRun: 1 }
const SLOW = 'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?) '
const took = (n) => {
  const start = performance.now()
  connection.arrays(SLOW + 'SELECT max(i) FROM c', [n])
  return performance.now() - start
}
let n = 1000
while (took(n) < 4) n *= 1.5
const insert = { sql: SLOW + "INSERT INTO t (who) SELECT 'greedy' FROM c WHERE i = 1", parameters: [Math.round(n)] }
process.stdout.write('ready\\n')
process.stdin.once('data', () => {
  for (let batch = 0; batch < ${BATCHES}; batch++) commitGroup(context, [{ atomic: false, statements: [insert] }], group)
  process.stdout.write('done\\n')
  connection.close()
  process.exit()
})`

const MODEST = `
import { NOORMME } from 'noormme/index.ts'
const db = new NOORMME({ connection: { database: process.argv[2] }, optimization: { synchronous: 'OFF', busyTimeout: 60_000 } })
await db.initialize()
process.stdout.write('ready\\n')
process.stdin.once('data', async () => {
  for (let row = 0; row < ${ROWS_EACH}; row++) await db.execute("INSERT INTO t (who) VALUES ('modest')")
  process.stdout.write('done\\n')
  process.exit()
})`

/** How many rows the others get in among the batches. */
async function rowsAmong(pauses: boolean): Promise<number> {
  const { engine, folder, path } = await openTestEngine()
  await engine.execute({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT)' })
  const greedy = runProgram(folder, GREEDY, [path, String(pauses)])
  const modest = Array.from({ length: OTHERS }, () => runProgram(folder, MODEST, [path]))
  const all = [greedy, ...modest]
  await Promise.all(all.map((program) => program.line()))
  for (const { child } of all) child.stdin?.write('\n')
  await Promise.all(all.map((program) => program.line()))

  const among = "who = 'modest' AND id < (SELECT max(id) FROM t WHERE who = 'greedy')"
  const [row] = (await rowsOf(engine, `SELECT count(*) AS n FROM t WHERE ${among}`)) as { readonly n: number }[]
  return row?.n ?? 0
}

// A machine whose cores are all busy lets others in by itself, whenever it takes the core away between two batches.
test('others get in between its batches, far less often with the pause taken out', { retry: 3 }, async () => {
  const without = await rowsAmong(false)
  const withPauses = await rowsAmong(true)

  expect(withPauses).toBeGreaterThan(2 * without + 10)
})
