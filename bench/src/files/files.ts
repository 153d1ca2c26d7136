/** The database files that trials start from. Each is made once; a trial gets a copy, and nobody changes the original. */
import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { ITEM_COUNT, makeItem } from './items.ts'
import { fillNorthwind } from './northwind.ts'

/** `items`: 100,000 rows. `empty`: the same tables without rows. `gigabyte`: 1 GiB, in place. `northwind`: a shop, and one a hundred times as large. */
export type FileName = 'items' | 'empty' | 'gigabyte' | 'northwind' | 'northwind-100'

const GIBIBYTE = 1024 ** 3
const FILLER_BYTES = 4000
/** With its page's and its record's own bytes a filler row takes about this much. */
const FILLER_ROW_BYTES = 4096

const TABLES = `
  CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    artist_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    price REAL NOT NULL,
    likes INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL
  );
  CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);
  CREATE TABLE fillers (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  INSERT INTO counters VALUES (1, 0);
`

/** Makes the original when it is not there yet; `folder` belongs to this run. */
export async function prepareFile(folder: string, name: FileName): Promise<void> {
  const path = originalOf(folder, name)
  if (existsSync(path)) return
  await mkdir(join(path, '..'), { recursive: true })
  const unfinished = `${path}.unfinished`
  await rm(unfinished, { force: true })
  fill(unfinished, name)
  await rename(unfinished, path)
}

/** The file of one trial. The largest is opened where it is: copying it would take longer than all trials with it. */
export async function fileForTrial(folder: string, name: FileName, trial: string): Promise<string> {
  if (name === 'gigabyte') return originalOf(folder, name)
  const path = join(folder, trial, 'bench.db')
  await mkdir(join(folder, trial))
  await copyFile(originalOf(folder, name), path, constants.COPYFILE_FICLONE)
  return path
}

function originalOf(folder: string, name: FileName): string {
  // Kept from run to run: it takes the longest to make, and no trial writes to it.
  return name === 'gigabyte' ? join(tmpdir(), 'noormme-bench', 'gigabyte.db') : join(folder, `${name}.db`)
}

function fill(path: string, name: FileName): void {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = OFF')
  database.exec(TABLES)
  if (name === 'northwind') fillNorthwind(database, 1)
  if (name === 'northwind-100') fillNorthwind(database, 100)
  if (name === 'items' || name === 'gigabyte') {
    const insert = database.prepare(
      'INSERT INTO items (artist_id, title, price, likes, status, created_at) VALUES (:artist_id, :title, :price, :likes, :status, :created_at)',
    )
    database.transaction(() => {
      for (let index = 0; index < ITEM_COUNT; index++) insert.run(makeItem(index))
    })()
  }
  if (name === 'gigabyte') {
    // In portions, so that the log stays small.
    const grow = database.prepare<[number, number]>(
      'INSERT INTO fillers (bytes) WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT randomblob(?) FROM n',
    )
    const portion = 10_000
    for (let bytes = 0; bytes < GIBIBYTE; bytes += portion * FILLER_ROW_BYTES) grow.run(portion, FILLER_BYTES)
    // With statistics in it, no `PRAGMA optimize` of a trial has anything to write.
    database.exec('ANALYZE')
  }
  database.close()
}
