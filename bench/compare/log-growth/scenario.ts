/**
 * A file in WAL mode, which other processes read all the time: a report, a second worker. Two of them, one read after another, so
 * that nearly always one is open. Meanwhile the tool writes some 95 MiB, in rows that it writes over. SQLite by itself cannot
 * begin its write-ahead log anew while a reader looks at it, and it grows by all that is written.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { freshFile } from '../lib/fresh-file.ts'
import { end } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

const MIB = 1024 * 1024
const WRITES = 480
const BODY_BYTES = 200 * 1024
const READERS = 2
const RESTART_WRITES = 80
/** noormme's default limit; a log that is cleared at all stays far under it. */
const LIMIT_MIB = 64

const PAGES = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE pages (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  INSERT INTO pages VALUES (0, ''), (1, ''), (2, ''), (3, '');`

export interface Tool {
  /** Writes the body of a row of `pages`. */
  update(id: number, body: string): unknown
  /** Run after each 16 MiB. */
  readonly restart?: (() => unknown) | null
  close(): unknown
}

export async function run(open: (file: string) => Tool | Promise<Tool>): Promise<never> {
  const file = freshFile(PAGES)
  const { update, restart, close } = await open(file)
  const reading = fileURLToPath(new URL('./reading.ts', import.meta.url))
  const readers = Array.from({ length: READERS }, () => fork(reading, [file], { execArgv: [] }))
  await Promise.all(readers.map((reader) => once(reader, 'message')))

  let largest = 0
  let refused: unknown = null
  for (let n = 0; n < WRITES && refused === null; n++) {
    try {
      // Another letter each time: SQLite does not write a page again that stays as it was.
      await update(n % 4, String.fromCharCode(97 + (n % 26)).repeat(BODY_BYTES))
      if (n % RESTART_WRITES === RESTART_WRITES - 1) await restart?.()
    } catch (error) {
      refused = error
    }
    largest = Math.max(largest, statSync(`${file}-wal`).size)
  }
  for (const reader of readers) reader.kill()

  const mib = Math.round(largest / MIB)
  const written = Math.round((WRITES * BODY_BYTES) / MIB)
  if (refused !== null) verdict('yellow', 'refused', `A write or a checkpoint fails: ${firstLine(refused)}`)
  else if (mib > LIMIT_MIB) verdict('red', `${mib} MiB`, `For ${written} MiB written the log grew to ${mib} MiB.`)
  else verdict('green', `${mib} MiB`, `For ${written} MiB written the log never was larger than ${mib} MiB.`)
  return end(close)
}
