/** In a process whose driver was loaded without `SQLITE_USE_URI`: hands stay clean by copying more. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { holdDatabase } from '../../test/support/database-holder.ts'
import { snapshotOf } from '../../test/support/folder-snapshot.ts'
import { openReadOnly } from './read-only-file.ts'

delete process.env.SQLITE_USE_URI

let folder: string
let path: string
let temporary: string
const systemTemporary = process.env.TMPDIR
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noormme-look-'))
  temporary = mkdtempSync(join(tmpdir(), 'noormme-look-tmp-'))
  path = join(folder, 'app.db')
  process.env.TMPDIR = temporary
})
afterEach(() => {
  if (systemTemporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = systemTemporary
  rmSync(folder, { recursive: true })
  rmSync(temporary, { recursive: true })
})

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY)'

it.each([
  [
    'a tidy WAL file',
    async () => {
      const database = new Database(path)
      database.pragma('journal_mode = WAL')
      database.exec(USERS)
      database.close()
    },
  ],
  ['a leftover log', async () => (await holdDatabase(path, 'WAL', USERS)).kill()],
])('leaves %s as it was, and removes its copy', async (_, make) => {
  await make()
  const before = snapshotOf(folder)

  const file = openReadOnly(path)
  const { rows } = await file.execute({ sql: 'SELECT name FROM sqlite_schema' })
  const copies = readdirSync(temporary)
  file.close()

  expect(rows).toEqual([{ name: 'users' }])
  expect(file.way).toBe('copy')
  expect(copies).toHaveLength(1)
  expect(readdirSync(temporary)).toEqual([])
  expect(snapshotOf(folder)).toEqual(before)
})

it('shares a live file instead of copying what changes', async () => {
  await using holder = await holdDatabase(path, 'WAL', USERS)

  using file = openReadOnly(path)

  expect(file).toMatchObject({ way: 'shared', users: [{ pid: holder.pid }] })
  expect((await file.execute({ sql: 'SELECT name FROM sqlite_schema' })).rows).toEqual([{ name: 'users' }])
  expect(readdirSync(temporary)).toEqual([])
})
