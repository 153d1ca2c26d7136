/**
 * Thirty rows are inserted one after another, each acknowledged before the next. Every write and fsync is recorded
 * (`test/crash/README.md` says how), and the power is cut right after each acknowledgement: on the disk is what an fsync has
 * confirmed, and nothing else. What of the acknowledged rows is there when the file is opened again? Linux with gcc.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, realpathSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { type DiskOperation, readDiskLog } from '../../../test/crash/support/disk-log.ts'
import { filesAfter } from '../../../test/crash/support/power-cut.ts'
import { NO_WATCHED_DISK, watchedDiskIn } from '../../../test/crash/support/watched-disk-in.ts'
import { create, freshFolder, TABLES } from '../lib/fresh-file.ts'
import { end } from '../lib/timing.ts'
import { verdict } from '../lib/verdict.ts'

const ROWS = 30
/** The mode that the file is in when the tool opens it; the name of the row. */
const JOURNALS = ['delete', 'wal'] as const

export interface Tool {
  /** Inserts a row into `items`. */
  insert(name: string): unknown
  close(): unknown
}

/** @param script `import.meta.url` of the script, which is started once more, on the disk that is recorded. */
export async function run(script: string, open: (file: string) => Tool | Promise<Tool>): Promise<never> {
  const folder = process.env.NOORMME_DISK_FOLDER
  if (folder !== undefined) return beRecorded(folder, open)

  if (NO_WATCHED_DISK !== null) {
    for (const row of JOURNALS) verdict('not-run', 'not run', `Needs what is not here: ${NO_WATCHED_DISK}.`, row)
    return end(() => undefined)
  }
  for (const journal of JOURNALS) {
    const base = realpathSync(freshFolder())
    const { log, environment } = watchedDiskIn(base, { log: true })
    execFileSync(process.execPath, [...process.execArgv, fileURLToPath(script), ...process.argv.slice(2)], {
      env: { ...process.env, ...environment, COMPARE_JOURNAL: journal },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    judge(readDiskLog(log), join(base, 'state'), journal)
  }
  return end(() => undefined)
}

async function beRecorded(folder: string, open: (file: string) => Tool | Promise<Tool>): Promise<never> {
  const file = join(folder, 'data.db')
  create(file, `PRAGMA journal_mode = ${process.env.COMPARE_JOURNAL}; ${TABLES}`)
  const { insert, close } = await open(file)
  const acks = openSync(join(folder, 'told.acks'), 'a')
  for (let n = 0; n < ROWS; n++) {
    await insert(`row ${n}`)
    writeSync(acks, `row ${n}\n`)
  }
  closeSync(acks)
  return end(close)
}

function judge(operations: readonly DiskOperation[], state: string, row: string): void {
  const told = operations.flatMap(({ kind }, index) => (kind === 'ack' ? [index + 1] : []))
  let most = 0
  let of = 0
  let corrupt = 0
  for (const [n, at] of told.entries()) {
    const there = namesAfter(state, filesAfter(operations, { at, fate: () => 'drop', sector: () => false }))
    if (there === null) corrupt++
    const lost = n + 1 - (there ?? 0)
    if (lost > 0 && lost >= most) {
      most = lost
      of = n + 1
    }
  }
  if (corrupt > 0) verdict('red', 'corrupt', `After ${corrupt} of ${told.length} cuts the file cannot be read.`, row)
  else if (most > 0)
    verdict(
      'red',
      `loses ${most} of ${of}`,
      `At worst ${most} of ${of} acknowledged rows ${most === 1 ? 'is' : 'are'} gone.`,
      row,
    )
  else verdict('green', 'loses none', `After each of ${told.length} cuts every acknowledged row is there.`, row)
}

/** How many rows are in the file, opened again; `null` when it is damaged. */
function namesAfter(state: string, files: ReadonlyMap<string, Buffer>): number | null {
  rmSync(state, { recursive: true, force: true })
  mkdirSync(state)
  for (const [name, bytes] of files) writeFileSync(join(state, name), bytes)
  const database = new DatabaseSync(join(state, 'data.db'))
  try {
    const whole = database.prepare('PRAGMA integrity_check').get()?.integrity_check === 'ok'
    return whole ? Number(database.prepare('SELECT count(*) AS count FROM items').get()?.count) : null
  } catch {
    // SQLite says that it is no database, or malformed.
    return null
  } finally {
    database.close()
  }
}
