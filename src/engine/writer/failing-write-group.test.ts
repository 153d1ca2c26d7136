/**
 * A write at which the disk fails among 255 neighbours. The system refuses to let the log grow beyond a limit
 * (`ulimit -f`, whose signal is ignored), which SQLite reports as an I/O error of the statement that spills its pages.
 */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../test/support/temp-folder.ts'

const NEIGHBOURS = 255
/** KiB: the log of all neighbours takes a third of it, the one that is too large alone twice as much. */
const LIMIT_KIB = 500

const SOURCE = fileURLToPath(new URL('../../', import.meta.url))
const PROGRAM = `
import { DEFAULT_SETTINGS } from '${SOURCE}../test/support/engine-options.ts'
import { RunSlot } from '${SOURCE}engine/thread/run-slot.ts'
import { FairTurns } from '${SOURCE}engine/writer/fair-turns.ts'
import { commitGroup } from '${SOURCE}engine/writer/group-commit.ts'
import { Connection } from '${SOURCE}sqlite/connection.ts'
const [path, place] = process.argv.slice(2)
// A cache of a few pages, so that a large statement writes to the log before it is committed.
const settings = { ...DEFAULT_SETTINGS, cacheSize: 10, synchronous: 'OFF' }
const extensions = { libraries: [], setup: null }
const connection = await Connection.open({ label: 'writer', role: 'writer', path, settings, extensions })
connection.write('CREATE TABLE t (id INTEGER PRIMARY KEY, v)', [])
const insert = (sql, parameters) => ({ atomic: false, statements: [{ sql, parameters }] })
const items = Array.from({ length: ${NEIGHBOURS} }, (_, v) => insert('INSERT INTO t (v) VALUES (?) RETURNING id, v', [v]))
items.splice(Number(place), 0, insert(
  'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300) INSERT INTO t (v) SELECT zeroblob(3000) FROM c', []))
const context = { connection, turns: new FairTurns(), busyTimeout: 1000, slot: new RunSlot() }
const group = { waitMs: 1000, firstRun: 1 }
const outcomes = []
while (outcomes.length < items.length) outcomes.push(...commitGroup(context, items.slice(outcomes.length), group).outcomes)
process.stdout.write(JSON.stringify(outcomes.map(({ results, error }) => error?.code ?? results[0].rows[0])))
process.exit()`

async function outcomesOf(path: string, place: number): Promise<unknown[]> {
  const file = join(tempFolder(), 'program.ts')
  writeFileSync(file, PROGRAM)
  const script = `ulimit -f ${LIMIT_KIB}; trap '' XFSZ; exec "$0" "$@"`
  const child = spawn('bash', ['-c', script, process.execPath, file, path, String(place)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout))
}

test.skipIf(process.platform === 'win32').each([0, 128, NEIGHBOURS])(
  'it rejects alone at place %i, and the rows and ids of the others stand',
  async (place) => {
    const path = join(tempFolder(), 'app.db')

    const outcomes = await outcomesOf(path, place)

    expect(outcomes[place]).toBe('NOORMME_IO')
    const told = outcomes.toSpliced(place, 1)
    expect(told.map((row) => (row as number[])[1])).toEqual(Array.from({ length: NEIGHBOURS }, (_, v) => v))
    const database = new BetterSqlite3(path)
    expect(database.prepare('SELECT id, v FROM t ORDER BY id').raw().all()).toEqual(told)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
  },
)
