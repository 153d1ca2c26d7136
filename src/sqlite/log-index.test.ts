/** Beside what SQLite itself says of its log. The writer is another process: reading here would drop the locks of one in this. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { holdDatabase } from '../../test/support/database-holder.ts'
import { readLogFacts } from './log-facts.ts'
import { readLogIndex } from './log-index.ts'

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-index-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'app.db')
}

it.each([512, 4096, 65_536])('tells the pages in use and copied, with pages of %i bytes', async (pageSize) => {
  const path = place()
  await using _holder = await holdDatabase(
    path,
    'DELETE',
    `PRAGMA page_size = ${pageSize}`,
    'PRAGMA journal_mode = WAL',
    'CREATE TABLE t (a)',
    'PRAGMA wal_checkpoint',
    'INSERT INTO t VALUES (1)',
    'INSERT INTO t VALUES (2)',
  )

  const index = readLogIndex(path)

  expect(index).toMatchObject({ pageSize, frames: readLogFacts(path)?.frames })
  expect(index?.copied).toBe(readLogFacts(path)?.checkpointed)
  expect(index?.frames).toBeGreaterThan(0)
})

it('counts commits and new beginnings', async () => {
  const before = place()
  const after = place()
  const start = ['CREATE TABLE t (a)', 'INSERT INTO t VALUES (0)']
  const more = [
    ...Array.from({ length: 11 }, (_, index) => `INSERT INTO t VALUES (${index})`),
    'PRAGMA wal_checkpoint(RESTART)',
    'INSERT INTO t VALUES (1)',
  ]
  await using _one = await holdDatabase(before, 'WAL', ...start)
  await using _other = await holdDatabase(after, 'WAL', ...start, ...more)

  const [few, many] = [readLogIndex(before), readLogIndex(after)]

  expect((many?.changes ?? 0) - (few?.changes ?? 0)).toBe(12)
  // Begun with a number that is drawn, then one more each time.
  expect(many?.frames).toBeLessThan(few?.frames ?? 0)
})

it('is nothing where there is none, and where it is being changed', () => {
  const path = place()
  expect(readLogIndex(path)).toBeNull()

  const bytes = Buffer.alloc(32_768)
  writeFileSync(`${path}-shm`, bytes)
  expect(readLogIndex(path)).toBeNull()
  bytes[12] = 1
  writeFileSync(`${path}-shm`, bytes)
  expect(readLogIndex(path)).toBeNull()
})
