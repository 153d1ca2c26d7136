/** `noormme backup …` and `noormme restore` from outside: real processes and files, better-sqlite3 as a witness. */
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { holdDatabase } from './support/database-holder.ts'
import { runCli } from './support/run-cli.ts'
import { tempFolder } from './support/temp-folder.ts'

function shop(mode: 'WAL' | 'DELETE' = 'WAL') {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const database = new Database(path)
  database.pragma(`journal_mode = ${mode}`)
  database.exec("CREATE TABLE works (title TEXT); INSERT INTO works VALUES ('Dusk'), ('Dawn')")
  database.close()
  const noormme = (...args: string[]) => runCli(args, { cwd: folder })
  const json = async (...args: string[]) => JSON.parse((await noormme(...args, '--json')).stdout)
  return { folder, path, noormme, json }
}

const titles = (path: string): unknown[] => {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('SELECT title FROM works').pluck().all()
  } finally {
    database.close()
  }
}

test.each(['WAL', 'DELETE'] as const)('a database in %s mode is backed up as it is, and restored', async (mode) => {
  const { folder, path, noormme, json } = shop(mode)

  const made = await noormme('backup', 'create', 'app.db', 'backups')
  expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^made \S+ \(.*, 2 rows\)\n$/) })
  expect(readdirSync(folder).sort()).toEqual(['app.db', 'backups'])
  expect(readFileSync(path)[18]).toBe(mode === 'WAL' ? 2 : 1)
  writeFileSync(path, 'overwritten by mistake')

  const { id, replaced } = await json('restore', 'app.db', '--from', 'backups')
  expect(titles(path)).toEqual(['Dusk', 'Dawn'])
  expect(readFileSync(replaced, 'utf8')).toBe('overwritten by mistake')
  const { backups } = await json('backup', 'list', 'backups')
  expect(backups).toMatchObject([{ id, ok: true, rows: { works: 2 } }])
})

test('a database is backed up while another program writes to it, and not restored over while that has it open', async () => {
  const { path, noormme } = shop()
  await using holder = await holdDatabase(path, 'WAL', "INSERT INTO works VALUES ('Noon')")

  expect(await noormme('backup', 'create', 'app.db', 'backups')).toMatchObject({ code: 0 })
  const refused = await noormme('restore', 'app.db', '--from', 'backups')
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`process ${holder.pid}`) })
  expect(await noormme('restore', 'other.db', '--from', 'backups')).toMatchObject({ code: 0 })
  expect(titles(join(path, '..', 'other.db'))).toEqual(['Dusk', 'Dawn', 'Noon'])
})

test('checking, rehearsing and removing', async () => {
  const { folder, noormme, json } = shop()
  const { id: first } = await json('backup', 'create', 'app.db', 'backups')
  const { id: second } = await json('backup', 'create', 'app.db', 'backups')

  expect(await noormme('backup', 'verify', 'backups')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(second),
  })
  expect(await noormme('backup', 'drill', 'backups', '--id', first)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 rows'),
  })
  truncateSync(join(folder, 'backups', 'snapshots', second, 'database'), 5000)
  expect(await noormme('backup', 'verify', 'backups')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('damaged'),
  })
  expect(await noormme('backup', 'list', 'backups')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('damaged'),
  })
  expect(await noormme('backup', 'drill', 'backups')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(new RegExp(`damaged: .*the newest whole one before it is ${first}`)),
  })
  expect(await json('backup', 'prune', 'backups', '--dry-run')).toMatchObject({ removed: [second], kept: [first] })
  expect(await json('backup', 'prune', 'backups', '--keep-last', '1')).toMatchObject({
    removed: [second],
    kept: [first],
  })
})

describe('what cannot be done is said, with exit code 2:', () => {
  test.each([
    [['backup', 'create', 'nothing.db', 'backups'], 'there is no such file'],
    [['backup', 'list', 'nowhere'], 'there is no such folder'],
    [['backup', 'verify', '.', '--id', 'nonsense'], 'must look like'],
    [['backup', 'verify', '.'], 'has no backup'],
    [['backup', 'prune', '.', '--keep-last', 'all'], 'must be a whole number'],
    [['backup', 'prune', '.', '--keep-last', '0'], 'keepLast'],
    [['backup', 'make'], 'is no command of noormme backup'],
    [['restore', 'app.db', '--form', 'x'], 'Did you mean --from?'],
    [['restore', 'app.db', '--from', '.'], 'has no backup'],
  ])('noormme %j', async (args, text) => {
    const { noormme, path } = shop()
    const before = readFileSync(path)

    expect(await noormme(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(text) })
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})
