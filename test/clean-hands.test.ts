/**
 * What only looks leaves listing, bytes and times of every file as they were. Each kind of file names in its title the
 * protection that it needs; the controls at the end show that an ordinary read-only connection lacks them.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from './dashboard/support/events.ts'
import { type DatabaseHolder, holdDatabase } from './support/database-holder.ts'
import { crashed, finished, KINDS, SCHEMA, UNFINISHED } from './support/file-kinds.ts'
import { snapshotOf } from './support/folder-snapshot.ts'
import { runCli, startCli } from './support/run-cli.ts'

const COMMANDS = [
  { verb: 'inspect', args: ['inspect', 'app.db'], code: 0, shows: 'users' },
  { verb: 'inspect of a table', args: ['inspect', 'app.db', 'users'], code: 0, shows: 'name' },
  { verb: 'status', args: ['status', 'app.db', '--dir', '../migrations'], code: 0, shows: '1 pending' },
  {
    verb: 'migrate status',
    args: ['migrate', 'status', 'app.db', '--dir', '../migrations'],
    code: 1,
    shows: 'pending',
  },
  { verb: 'top', args: ['top', 'app.db'], code: 0, shows: 'commits' },
]

describe.each(KINDS)('$title', ({ make }) => {
  let root: string
  let folder: string
  let temporary: string
  let holder: DatabaseHolder | null

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'noormme-hands-'))
    folder = join(root, 'data')
    temporary = join(root, 'tmp')
    for (const each of [folder, temporary, join(root, 'migrations')]) mkdirSync(each)
    writeFileSync(join(root, 'migrations', '0001_a.sql'), 'SELECT 1')
    holder = await make(join(folder, 'app.db'), folder)
  })
  afterEach(async () => {
    await holder?.kill()
    chmodSync(folder, 0o755)
    rmSync(root, { recursive: true })
  })

  it.each(COMMANDS)('is left as it was by noormme $verb', async ({ args, code, shows }) => {
    const before = snapshotOf(folder)

    const outcome = await runCli(args, { cwd: folder, env: { TMPDIR: temporary } })

    expect(outcome).toMatchObject({ code, stderr: '' })
    expect(outcome.stdout).toContain(shows)
    expect(snapshotOf(folder)).toEqual(before)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe.each(KINDS)('$title', ({ make }) => {
  let root: string
  let holder: DatabaseHolder | null

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'noormme-hands-'))
    for (const each of ['data', 'tmp']) mkdirSync(join(root, each))
    holder = await make(join(root, 'data', 'app.db'), join(root, 'data'))
  })
  afterEach(async () => {
    await holder?.kill()
    chmodSync(join(root, 'data'), 0o755)
    rmSync(root, { recursive: true })
  })

  it('is left as it was while noormme dashboard and noormme watch look at it', async () => {
    const folder = join(root, 'data')
    const before = snapshotOf(folder)
    const options = { cwd: folder, env: { TMPDIR: join(root, 'tmp') } }
    await using dashboard = startCli(['dashboard', 'app.db', '--port', '0', '--json'], options)
    await using watch = startCli(['watch', 'app.db'], options)

    const { url } = JSON.parse(await dashboard.line())
    expect(await watch.line()).toContain('watching app.db: ')
    const overview = await (await fetch(`${url}api/overview`)).json()
    expect(overview).toMatchObject({ database: { seen: 'outside', open: true }, health: { status: 'healthy' } })
    expect(await nextTick(url.slice(0, -1))).toMatchObject({ health: { status: 'healthy' } })
    expect(await (await fetch(`${url}api/schema`)).json()).toContainEqual(expect.objectContaining({ table: 'users' }))

    expect(await dashboard.interrupt()).toMatchObject({ code: 0, stderr: '' })
    expect(await watch.interrupt()).toMatchObject({ code: 0, stderr: '' })
    expect(snapshotOf(folder)).toEqual(before)
    expect(readdirSync(join(root, 'tmp'))).toEqual([])
  })
})

describe('an ordinary read-only connection, for comparison,', () => {
  it.each([
    ['leaves files beside a tidy WAL file', (path: string) => finished(path, 'WAL')],
    ['rewrites the index of a leftover log', (path: string) => crashed(path, 'WAL')],
    ['writes its read mark into a live index', (path: string) => holdDatabase(path, 'WAL', ...SCHEMA)],
  ])('%s', async (_, make) => {
    const folder = mkdtempSync(join(tmpdir(), 'noormme-hands-'))
    const path = join(folder, 'app.db')
    const holder = await make(path)
    const before = snapshotOf(folder)

    const ordinary = new Database(path, { readonly: true })
    ordinary.prepare('SELECT count(*) FROM users').get()
    ordinary.close()

    expect(snapshotOf(folder)).not.toEqual(before)
    await holder?.kill()
    rmSync(folder, { recursive: true })
  })

  it('cannot read a file whose journal has to be rolled back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'noormme-hands-'))
    const path = join(folder, 'app.db')
    await crashed(path, 'DELETE', ...UNFINISHED)

    const ordinary = new Database(path, { readonly: true })
    expect(() => ordinary.prepare('SELECT count(*) FROM users').get()).toThrow()
    ordinary.close()
    rmSync(folder, { recursive: true })
  })
})
