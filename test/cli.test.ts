/** The command line from outside: real processes, real files, better-sqlite3 as a witness. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { holdDatabase } from './support/database-holder.ts'
import { snapshotOf } from './support/folder-snapshot.ts'
import { type CliOptions, type CliOutcome, runCli } from './support/run-cli.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'noormme-cli-'))
  path = join(folder, 'app.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Every call here is also the test that the command ends by itself. */
const noormme = (...args: readonly string[]): Promise<CliOutcome> => runCli(args, { cwd: folder })
const noormmeWith = (options: CliOptions, ...args: readonly string[]): Promise<CliOutcome> =>
  runCli(args, { cwd: folder, ...options })

function make(...statements: readonly string[]): void {
  const database = new Database(path)
  // Lets a test damage the schema on purpose.
  database.unsafeMode(true)
  for (const statement of statements) database.exec(statement)
  database.close()
}

function seen(sql: string): unknown[] {
  const witness = new Database(path, { readonly: true })
  try {
    return witness.prepare(sql).pluck().all()
  } finally {
    witness.close()
  }
}

function migrations(files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, 'migrations'), { recursive: true })
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, 'migrations', name), sql)
}

const SHOP = [
  'CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)',
  `CREATE TABLE works (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL REFERENCES artists (id) ON DELETE CASCADE,
     price INTEGER DEFAULT 0, gross INTEGER GENERATED ALWAYS AS (price * 2) STORED)`,
  'CREATE INDEX works_by_price ON works (price DESC) WHERE price > 0',
  'CREATE VIEW cheap AS SELECT * FROM works WHERE price < 10',
  'CREATE TRIGGER works_added AFTER INSERT ON works BEGIN SELECT 1; END',
  'CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY)',
]

describe('noormme', () => {
  it('prints its version in one line', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

    expect(await noormme('--version')).toEqual({ code: 0, stdout: `noormme ${version}\n`, stderr: '' })
  })

  it.each([
    [[]],
    [['inspect']],
    [['generate']],
    [['status']],
    [['top']],
    [['watch']],
    [['dashboard']],
    [['migrate']],
    [['migrate', 'up']],
    [['migrate', 'status']],
  ])('has a usage line and an example for %j, within 80 columns and without colours', async (verb) => {
    const { code, stdout, stderr } = await noormme(...verb, '--help')

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: noormme /)
    expect(stdout).toMatch(/^Examples:\n {2}noormme /m)
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true)
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    [['inspcet', 'app.db'], 'Did you mean inspect?'],
    [['status', 'app.db', '--josn'], 'Did you mean --json?'],
  ])('answers %j with the nearest right word on stderr and exit code 2', async (args, answer) => {
    const { code, stdout, stderr } = await noormme(...args)

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(answer)
    expect(stderr.trimEnd().split('\n')).toHaveLength(2)
  })

  it.each([
    [['--help']],
    [['--version']],
    [['inspect', 'app.db']],
    [['status', 'app.db', '--json']],
    [['migrate', 'up', 'app.db']],
  ])('says in one line on stderr that Node.js is too old, whatever is asked: %j', async (args) => {
    const old = { ...process.versions, node: '20.11.0', napi: '9' }
    const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:${JSON.stringify(old)}})`

    const { code, stdout, stderr } = await noormmeWith({ node: ['--import', pretend] }, ...args)

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^[^\n]*Node[^\n]*20\.11\.0\n$/)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    [['inspect', 'no.db']],
    [['inspect', 'no.db', 'users']],
    [['status', 'no.db']],
    [['migrate', 'status', 'no.db']],
  ])('never makes the file that is not there: %j', async (args) => {
    migrations({})
    const { code, stdout, stderr } = await noormme(...args)

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('there is no such file')
    expect(readdirSync(folder)).toEqual(['migrations'])
  })

  it('prints an error as one JSON document on stdout with --json', async () => {
    const { code, stdout, stderr } = await noormme('status', 'no.db', '--json')

    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'NOORMME_CONNECTION', message: expect.stringContaining('no.db'), hint: expect.any(String) },
    })
  })
})

describe('noormme inspect', () => {
  it('shows tables, views, keys and relations, and what other tools keep', async () => {
    make(...SHOP)

    const { code, stdout } = await noormme('inspect', 'app.db')

    expect(code).toBe(0)
    expect(stdout.replace(folder, '').replaceAll(/ +/g, ' ')).toBe(`/app.db: 2 tables, 1 view

table kind columns key relations
artists table 2 id works
cheap view 4
works table 4 id artist

kept by tools: _prisma_migrations (prisma)
`)
  })

  it('shows columns, indexes, foreign keys, relations and triggers of a table', async () => {
    make(...SHOP)

    const { code, stdout } = await noormme('inspect', 'app.db', 'works')

    expect(code).toBe(0)
    expect(stdout.replaceAll(/ +/g, ' ')).toBe(`works (table, 4 columns)

column type null default key
id INTEGER no primary (rowid)
artist_id INTEGER no
price INTEGER yes 0
gross INTEGER yes generated, stored

indexes
works_by_price (price desc) partial

foreign keys
(artist_id) → artists (id) on delete cascade

relations
artist belongsTo artists

triggers
works_added
`)
  })

  it('prints the schema as JSON', async () => {
    make(...SHOP)

    const all = JSON.parse((await noormme('inspect', 'app.db', '--json')).stdout)
    const one = JSON.parse((await noormme('inspect', 'app.db', 'WORKS', '--json')).stdout)

    expect(all.tables.map(({ name }: { name: string }) => name)).toEqual(['artists', 'cheap', 'works'])
    expect(one.table).toEqual(all.tables[2])
  })

  it('answers a misspelt table with the nearest', async () => {
    make(...SHOP)

    const { code, stderr } = await noormme('inspect', 'app.db', 'wroks')

    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean "works"?')
  })

  it.each([
    ['without tables', () => make('PRAGMA user_version = 1')],
    ['of no bytes', () => writeFileSync(path, '')],
  ])('shows an empty database %s as such', async (_, given) => {
    given()

    expect(await noormme('inspect', path)).toEqual({ code: 0, stdout: `${path}: 0 tables\n`, stderr: '' })
    expect(await noormme('status', path)).toMatchObject({ code: 0, stderr: '' })
  })

  it('shows names that would act on the terminal as text, and opens files with nasty names', async () => {
    make('CREATE TABLE "\u001b[31mred\n" ("co\tl" TEXT)', 'CREATE TABLE "漢字" (id INTEGER)')
    const nasty = "a b?c#d%41&mode=rw 'é🗄.db"
    writeFileSync(join(folder, nasty), readFileSync(path))

    const { code, stdout } = await noormme('inspect', nasty)

    expect(code).toBe(0)
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toMatch(/^\\u\{1b\}\[31mred\\u\{a\} +table +1$/m)
    expect(stdout).toMatch(/^漢字 +table +1$/m)
    expect(readdirSync(folder).toSorted()).toEqual([nasty, 'app.db'].toSorted())
  })

  it.each([
    [
      'a schema that SQLite cannot read',
      () =>
        make('CREATE TABLE a (id)', "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE a ('"),
    ],
    [
      'a damaged first page',
      () => {
        make('CREATE TABLE a (id)')
        const bytes = readFileSync(path)
        writeFileSync(path, bytes.fill(0xff, 100, 4096))
      },
    ],
    ['a text file', () => writeFileSync(path, 'this is no database, it is a text\n'.repeat(100))],
  ])('reports %s instead of showing an empty schema', async (_, given) => {
    given()
    const before = snapshotOf(folder)

    for (const args of [
      ['inspect', 'app.db'],
      ['status', 'app.db'],
    ]) {
      const { code, stdout, stderr } = await noormme(...args)

      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/damaged|not a SQLite database/)
    }
    expect(snapshotOf(folder)).toEqual(before)
  })
})

describe('noormme status', () => {
  it('names the state of a file, and leaves its journal mode as it is', async () => {
    make(...SHOP, 'PRAGMA user_version = 7')

    const { code, stdout } = await noormme('status', 'app.db', '--json')

    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      file: path,
      journalMode: 'delete',
      sqliteVersion: expect.stringMatching(/^3\./),
      pageSize: 4096,
      pageCount: seen('PRAGMA page_count')[0],
      freelistCount: 0,
      encoding: 'UTF-8',
      userVersion: 7,
      sizes: { database: readFileSync(path).length, wal: null, shm: null, journal: null },
      log: null,
      inUse: false,
      users: [],
      migrations: null,
      toolTables: [{ name: '_prisma_migrations', tool: 'prisma' }],
    })
    expect(seen('PRAGMA journal_mode')).toEqual(['delete'])
  })

  it('names the process that has the file open, and runs no checkpoint', async () => {
    await using holder = await holdDatabase(path, 'WAL', ...SHOP)
    const log = readFileSync(`${path}-wal`)

    const { code, stdout } = await noormme('status', 'app.db')

    expect(code).toBe(0)
    expect(stdout).toMatch(/^journal mode +wal$/m)
    expect(stdout).toMatch(/^log \(-wal\) +[\d.]+ KiB: \d+ frames, 0 of them checkpointed$/m)
    if (process.platform === 'linux')
      expect(stdout).toMatch(new RegExp(`^open in +process ${holder.pid} \\(node\\)$`, 'm'))
    expect(readFileSync(`${path}-wal`)).toEqual(log)
  })

  it('counts migrations when there is a history, and does not ask for a folder', async () => {
    migrations({ '0001_a.sql': 'CREATE TABLE a (id INTEGER)' })
    await noormme('migrate', 'up', 'app.db')
    migrations({ '0002_b.sql': 'CREATE TABLE b (id INTEGER)' })

    expect((await noormme('status', 'app.db')).stdout).toMatch(/^migrations +1 applied, 1 pending in migrations$/m)
    rmSync(join(folder, 'migrations'), { recursive: true })
    expect((await noormme('status', 'app.db')).stdout).toMatch(/^migrations +1 applied$/m)
    expect(await noormme('status', 'app.db', '--dir', 'migrations')).toMatchObject({ code: 2 })
  })
})

describe('noormme migrate', () => {
  it('makes the database, applies, and has nothing to do the second time', async () => {
    migrations({
      '0001_a.sql': 'CREATE TABLE a (id INTEGER); CREATE TABLE b (id INTEGER);',
      '0002_c.sql': 'CREATE TABLE c (id INTEGER)',
    })

    const first = await noormme('migrate', 'up', 'app.db', '--json')
    const second = await noormme('migrate', 'up', 'app.db')

    expect(JSON.parse(first.stdout)).toEqual({
      file: path,
      applied: [
        { name: '0001_a.sql', statements: 2, durationMs: expect.any(Number) },
        { name: '0002_c.sql', statements: 1, durationMs: expect.any(Number) },
      ],
      skipped: 0,
    })
    expect(second).toEqual({ code: 0, stdout: 'nothing to apply, 2 migrations applied before\n', stderr: '' })
    expect(readdirSync(folder).toSorted()).toEqual(['app.db', 'migrations'])
    expect(seen('PRAGMA journal_mode')).toEqual(['wal'])
  })

  it('keeps the journal mode that it finds', async () => {
    make('CREATE TABLE old (id INTEGER)')
    migrations({ '0001_a.sql': 'CREATE TABLE a (id INTEGER)' })

    expect(await noormme('migrate', 'up', 'app.db')).toMatchObject({ code: 0 })

    expect(seen('PRAGMA journal_mode')).toEqual(['delete'])
    expect(
      seen("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"),
    ).toEqual(['a', 'noormme_migrations', 'old'])
  })

  it('names file and line of what failed, and ends with 2', async () => {
    migrations({ '0001_a.sql': 'CREATE TABLE a (id INTEGER);\n\nINSERT INTO nowhere VALUES (1);' })

    const { code, stdout, stderr } = await noormme('migrate', 'up', 'app.db')

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('0001_a.sql:3: no table or view named "nowhere"')
    expect(seen('SELECT count(*) FROM sqlite_schema')).toEqual([0])
  })

  it('makes no database when the folder is not there', async () => {
    const { code, stderr } = await noormme('migrate', 'up', 'app.db', '--dir', 'migratoins')

    expect(code).toBe(2)
    expect(stderr).toContain('migratoins')
    expect(existsSync(path)).toBe(false)
  })

  it('ends with 1 while something is pending, with 0 when nothing is, with 1 when folder and database disagree', async () => {
    migrations({ '0001_a.sql': 'CREATE TABLE a (id INTEGER)' })
    make('PRAGMA user_version = 1')

    expect(await noormme('migrate', 'status', 'app.db')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('0 applied, 1 pending'),
    })
    await noormme('migrate', 'up', 'app.db')
    expect(await noormme('migrate', 'status', 'app.db')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 applied, 0 pending'),
    })

    migrations({ '0001_a.sql': 'CREATE TABLE a (id TEXT)' })
    const { code, stdout } = await noormme('migrate', 'status', 'app.db', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ pending: [], drift: [{ name: '0001_a.sql', kind: 'changed' }] })
    expect(await noormme('migrate', 'up', 'app.db')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was changed'),
    })
  })

  it('lets two processes share the work', async () => {
    migrations(
      Object.fromEntries(
        Array.from({ length: 30 }, (_, index) => [`${index + 1}_step.sql`, `CREATE TABLE t${index} (id INTEGER)`]),
      ),
    )
    make('PRAGMA journal_mode = WAL')

    const outcomes = await Promise.all([1, 2].map(() => noormme('migrate', 'up', 'app.db', '--json')))

    const applied = outcomes.flatMap(({ stdout }) =>
      JSON.parse(stdout).applied.map(({ name }: { name: string }) => name),
    )
    expect(applied.toSorted()).toEqual(Array.from({ length: 30 }, (_, index) => `${index + 1}_step.sql`).toSorted())
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0])
  })
})
