/** `noormme top`, `watch` and `dashboard` from outside: real processes, on files that others write to and on dashboards that run. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import type { Overview } from 'noormme/dashboard'
import { describe, expect, it, onTestFinished } from 'vitest'
import { nextTick } from './dashboard/support/events.ts'
import { ask, serveDashboard } from './dashboard/support/serve.ts'
import { holdDatabase } from './support/database-holder.ts'
import { runCli, startCli } from './support/run-cli.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const TOKEN = 'correct-horse-battery-staple'

function makeFile(mode: 'wal' | 'delete' = 'wal'): { path: string; database: Database.Database } {
  const path = join(tempFolder(), 'app.db')
  const database = new Database(path)
  database.pragma(`journal_mode = ${mode}`)
  database.exec('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT)')
  onTestFinished(() => void database.close())
  return { path, database }
}

async function serveShop(options: Parameters<typeof serveDashboard>[1] = {}) {
  const { db } = tempDatabase()
  await db.initialize()
  await db.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT)')
  return { db, ...(await serveDashboard(db, options)) }
}

describe('noormme top', () => {
  it('shows a file once where there is no terminal, with what cannot be known in words', async () => {
    const { path } = makeFile()

    const { code, stdout, stderr } = await runCli(['top', path])

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^app\.db {2}healthy {2}/)
    expect(stdout).toMatch(/^log +[\d.]+ KiB, /m)
    expect(stdout).toContain('What the program does with the database')
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true)
    if (process.platform === 'linux') expect(stdout).toMatch(new RegExp(`^process ${process.pid} \\(node\\) +`, 'm'))
  })

  it('counts the commits of others in a file, and how large the log is', async () => {
    const { path, database } = makeFile()
    database.pragma('wal_autocheckpoint = 0')
    await using top = startCli(['top', path, '--json'])
    const insert = database.prepare('INSERT INTO works (title) VALUES (?)')

    const first = JSON.parse(await top.line())
    for (let commit = 0; commit < 37; commit++) insert.run('x')
    const points = [JSON.parse(await top.line()), JSON.parse(await top.line())].map(({ point }) => point)

    expect(first).toMatchObject({ database: { name: 'app.db', seen: 'outside' }, point: { commits: 0 } })
    expect(points.reduce((sum, { commits }) => sum + commits, 0)).toBe(37)
    const bytes = statSync(`${path}-wal`).size
    expect(points[1]).toMatchObject({ walBytes: bytes, walCopiedBytes: 0 })
    expect((await top.interrupt()).code).toBe(0)
  })

  it('notices when the log starts again', async () => {
    const { path, database } = makeFile()
    await using top = startCli(['top', path, '--json'])
    await top.line()

    database.exec("INSERT INTO works (title) VALUES ('x')")
    database.pragma('wal_checkpoint(RESTART)')
    database.exec("INSERT INTO works (title) VALUES ('y')")
    const points = [JSON.parse(await top.line()), JSON.parse(await top.line())].map(({ point }) => point)

    expect(points.reduce((sum, { checkpointRestarts }) => sum + checkpointRestarts, 0)).toBe(1)
  })

  it('names who holds locks on a file', async ({ skip }) => {
    if (process.platform !== 'linux') skip('only Linux tells')
    const { path } = makeFile()
    await using holder = await holdDatabase(path, 'WAL', "BEGIN IMMEDIATE; INSERT INTO works (title) VALUES ('x')")

    const { connections, log } = JSON.parse((await runCli(['top', path, '--json', '--once'])).stdout)

    expect(connections).toContainEqual(
      expect.objectContaining({ label: `process ${holder.pid} (node)`, state: 'transaction' }),
    )
    expect(log.others).toContainEqual(expect.stringMatching(new RegExp(`^process ${holder.pid} \\(node\\): write`)))
  })

  it('shows a dashboard that runs, with its statements', async () => {
    const { db, url } = await serveShop()
    for (let id = 1; id <= 12; id++) await db.execute('INSERT INTO works (title) VALUES (?)', ['x'])

    const { code, stdout } = await runCli(['top', url])

    expect(code).toBe(0)
    expect(stdout).toMatch(/^writer +idle/m)
    expect(stdout).toMatch(/ 12 .* INSERT INTO works/m)
    expect(stdout).toContain('of 64 MiB')
  })

  it('gives a token, from the environment as well, and says when it is missing', async () => {
    const { url } = await serveShop({ token: TOKEN })

    expect(await runCli(['top', url])).toMatchObject({ code: 2, stderr: expect.stringContaining('it wants a token') })
    expect(await runCli(['top', url, '--token', TOKEN])).toMatchObject({ code: 0 })
    expect(await runCli(['top', url], { env: { NOORMME_TOKEN: TOKEN } })).toMatchObject({ code: 0 })
  })

  it('goes on after the database was closed and opened again, and ends with 1 while it is closed', async () => {
    const { db, url } = await serveShop()
    await using top = startCli(['top', url, '--json'])
    expect(JSON.parse(await top.line())).toMatchObject({ database: { open: true } })

    await db.close()
    await nextLine(top, ({ database }) => !database.open)
    await db.initialize()
    await nextLine(top, ({ database }) => database.open)
    await db.close()
    await nextLine(top, ({ database }) => !database.open)

    expect((await top.interrupt()).code).toBe(1)
  })

  it('ends when nobody reads any more', async () => {
    const { path } = makeFile()
    const command = `"${process.execPath}" "${MAIN}" top "${path}" --json | head -n 1`

    const { status, stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 30_000 })

    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    [['top', 'no.db'], 'there is no such file'],
    [['watch', 'no.db'], 'there is no such file'],
    [['dashboard', 'no.db'], 'there is no such file'],
    [['top', 'http://127.0.0.1:9'], 'no dashboard answers there'],
    [['watch', 'http://127.0.0.1:9/x'], 'no dashboard answers there'],
    [['top', 'http://:x'], 'it is no address'],
    [['top', 'a.db', '--interval', 'soon'], '--interval must be a number of seconds'],
    [['top', 'a.db', '--interval', '0'], '--interval must be a number of seconds'],
    [['dashboard', 'a.db', '--port', '99999'], '--port must be a number from 0 to 65535'],
    [['dashboard', 'a.db', '--host', '0.0.0.0'], 'needs a token'],
    [['dashboard', 'a.db', '--token', 'short'], 'at least 16 characters'],
  ])('%j ends with 2 and says why', async (args, why) => {
    const folder = tempFolder()
    new Database(join(folder, 'a.db')).close()

    const { code, stdout, stderr } = await runCli(args, { cwd: folder })

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(why)
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  })
})

// `script` gives a program a terminal of its own: https://man7.org/linux/man-pages/man1/script.1.html
describe.skipIf(spawnSync('script', ['--version']).error !== undefined)('on a terminal', () => {
  it.each([
    ['q', 'q'],
    ['Ctrl+C', '\u0003'],
  ])('top takes the screen, fits it, and gives it back at %s', async (_, key) => {
    const { path } = makeFile()
    const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, 'top', path].join(' ')
    const terminal = spawn('script', ['-qefc', `stty rows 12 cols 60; ${command}; stty -a`, '/dev/null'])
    const exited = once(terminal, 'close')
    let output = ''
    for await (const chunk of terminal.stdout.setEncoding('utf8')) {
      const wasShown = output.includes('healthy')
      output += chunk
      // Typed only once it is there to read it.
      if (!wasShown && output.includes('healthy')) terminal.stdin.write(key)
    }
    const [status] = await exited

    const [before = '', rest = ''] = output.split('\u001b[?1049h')
    const [shown = '', after = ''] = rest.split('\u001b[?1049l')
    expect(before).not.toContain('app.db')
    expect(shown).toContain('\u001b[?25l')
    expect(shown).toContain('\u001b[?25h')
    const lines = (shown.split('\u001b[H')[1] ?? '').split('\u001b[J')[0]?.split('\r\n') ?? []
    expect(lines.length).toBeLessThanOrEqual(12)
    // Keys are shown, and Ctrl+C is a signal, as before.
    expect(after).toMatch(/ icanon /)
    expect(after).toMatch(/ echo /)
    expect(status).toBe(0)
  })
})

describe('noormme watch', () => {
  it('tells of a file: what it is, and each change of its schema', async () => {
    const { path, database } = makeFile()
    await using watch = startCli(['watch', path, '--json'])

    expect(JSON.parse(await watch.line())).toMatchObject({ kind: 'start', database: 'app.db', tables: 1 })
    expect(JSON.parse(await watch.line())).toMatchObject({ kind: 'health', status: 'healthy', checks: [] })
    database.exec('ALTER TABLE works ADD COLUMN year INTEGER')
    expect(JSON.parse(await watch.line())).toMatchObject({
      kind: 'schema',
      details: 'column "year" of "works" was added',
      at: expect.stringMatching(/^\d{4}-/),
    })
    expect(await watch.interrupt()).toMatchObject({ code: 0, stderr: '' })
  })

  it('tells when a file goes and comes, and ends with 1 while it is gone', async () => {
    const { path, database } = makeFile('delete')
    database.close()
    await using watch = startCli(['watch', path])
    await watch.line()
    expect(await watch.line()).toMatch(/ {2}healthy$/)

    renameSync(path, `${path}.away`)
    expect(await watch.line()).toMatch(/ {2}unhealthy: .*file: the file is gone/)
    renameSync(`${path}.away`, path)
    for (;;) if (/ {2}healthy$/.test(await watch.line())) break
    renameSync(path, `${path}.away`)
    expect(await watch.line()).toContain('unhealthy')

    expect((await watch.interrupt()).code).toBe(1)
  })

  it('tells of a dashboard: its schema, its health, and when it is gone', async () => {
    const { db, url, close } = await serveShop()
    await using watch = startCli(['watch', url])
    expect(await watch.line()).toContain('watching app.db: 1 table')
    expect(await watch.line()).toMatch(/ {2}healthy$/)

    await db.execute('CREATE TABLE artists (id INTEGER PRIMARY KEY)')
    expect(await watch.line()).toContain('schema: table "artists" was added')
    await db.close()
    expect(await watch.line()).toContain('unhealthy: answering: the database is not open')
    await close()
    expect(await watch.line()).toContain('no dashboard answers there')

    expect((await watch.interrupt()).code).toBe(1)
  })
})

describe('noormme dashboard', () => {
  it('looks only, unless it is allowed to act', async () => {
    const { path, database } = makeFile()
    await using shown = startCli(['dashboard', path, '--port', '0'])
    const port = portIn(await shown.line())
    const headers = { 'noormme-action': 'confirm' }

    const { body } = await ask(port, { path: '/api/overview' })
    const overview: Overview = JSON.parse(body)
    expect(overview).toMatchObject({
      database: { seen: 'outside', readOnly: true },
      actions: [],
      metrics: { queries: 0 },
    })
    expect(overview.database.missing.join(' ')).toContain('Mount the dashboard in it')
    expect(body).not.toContain(path)
    expect((await ask(port, { method: 'POST', path: '/api/actions/checkpoint', headers })).status).toBe(403)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
  })

  it('runs a checkpoint in a file when it may, and leaves its journal mode', async () => {
    const { path, database } = makeFile()
    database.exec("INSERT INTO works (title) VALUES ('x')")
    await using shown = startCli(['dashboard', path, '--port', '0', '--allow-actions'])
    const port = portIn(await shown.line())
    await nextTick(`http://127.0.0.1:${port}`)

    const answer = await ask(port, {
      method: 'POST',
      path: '/api/actions/checkpoint',
      headers: { 'noormme-action': 'confirm' },
    })

    expect(JSON.parse(answer.body)).toMatchObject({ ok: true, detail: expect.stringMatching(/^(\d+) of \1 pages/) })
    expect(await shown.line()).toContain('dashboard: checkpoint')
    const [{ log, checkpointed }] = database.pragma('wal_checkpoint(PASSIVE)') as [
      { log: number; checkpointed: number },
    ]
    expect(checkpointed).toBe(log)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect((await shown.interrupt()).code).toBe(0)
  })

  it('does not make a file in DELETE mode one in WAL mode', async () => {
    const { path, database } = makeFile('delete')
    await using shown = startCli(['dashboard', path, '--port', '0', '--allow-actions'])
    const port = portIn(await shown.line())
    await nextTick(`http://127.0.0.1:${port}`)
    const headers = { 'noormme-action': 'confirm' }

    expect((await ask(port, { method: 'POST', path: '/api/actions/checkpoint', headers })).status).toBe(404)
    expect(JSON.parse((await ask(port, { method: 'POST', path: '/api/actions/optimize', headers })).body).ok).toBe(true)
    expect(database.pragma('journal_mode', { simple: true })).toBe('delete')
  })

  it('says when the port is taken', async () => {
    const { path } = makeFile()
    const { port } = await serveShop()

    const { code, stderr } = await runCli(['dashboard', path, '--port', String(port)])

    expect(code).toBe(2)
    expect(stderr).toContain(`--port ${port} is taken`)
  })

  it('listens elsewhere with a token, and asks for it', async () => {
    const { path } = makeFile()
    await using shown = startCli(['dashboard', path, '--port', '0', '--host', '0.0.0.0'], {
      env: { NOORMME_TOKEN: TOKEN },
    })
    const port = portIn(await shown.line())

    expect((await ask(port, { path: '/api/overview' })).status).toBe(401)
    const headers = { authorization: `Bearer ${TOKEN}` }
    expect((await ask(port, { path: '/api/overview', headers })).status).toBe(200)
  })
})

async function nextLine(
  running: ReturnType<typeof startCli>,
  wanted: (line: { readonly database: Overview['database'] }) => boolean,
): Promise<void> {
  while (!wanted(JSON.parse(await running.line()))) {
    // Another one comes each second.
  }
}

function portIn(line: string): number {
  return Number(/:(\d+)\//.exec(line)?.[1])
}
