/** `noormme generate` from outside: real processes, real files. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { snapshotOf } from './support/folder-snapshot.ts'
import { runCli } from './support/run-cli.ts'
import { tempFolder } from './support/temp-folder.ts'

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, user_name TEXT NOT NULL, settings JSON)'

let folder: string
let out: string
beforeEach(() => {
  folder = tempFolder()
  out = join(folder, 'database.types.ts')
  run(USERS)
})

function run(sql: string, path = 'app.db'): void {
  const database = new Database(join(folder, path))
  database.pragma('journal_mode = WAL')
  database.exec(sql)
  database.close()
}

const generate = (...args: readonly string[]) => runCli(['generate', 'app.db', ...args], { cwd: folder })
const written = (path = out): string => readFileSync(path, 'utf8')

describe('writing', () => {
  test('makes the file, and looks at the database with clean hands', async () => {
    const elsewhere = join(tempFolder(), 'new')
    const before = snapshotOf(folder)
    const { code, stdout } = await generate('--out', join(elsewhere, 'db.ts'))

    expect({ code, stdout }).toEqual({ code: 0, stdout: `written ${join(elsewhere, 'db.ts')} (1 table)\n` })
    expect(written(join(elsewhere, 'db.ts'))).toContain('export type NewUser = Insertable<UsersTable>')
    expect(readdirSync(elsewhere)).toEqual(['db.ts'])
    expect(snapshotOf(folder)).toEqual(before)
  })

  test('leaves a file that says the same as it is, to the nanosecond', async () => {
    await generate()
    const { mtimeNs } = statSync(out, { bigint: true })
    const { code, stdout } = await generate('--json')

    expect({ code, found: JSON.parse(stdout) }).toEqual({
      code: 0,
      found: { file: join(folder, 'app.db'), out, state: 'unchanged', tables: 1, changes: [] },
    })
    expect(statSync(out, { bigint: true }).mtimeNs).toBe(mtimeNs)
  })

  test('writes what has changed, and says what that is', async () => {
    await generate()
    run('ALTER TABLE users ADD COLUMN age INT; CREATE TABLE posts (id INTEGER PRIMARY KEY)')
    const { stdout } = await generate()

    expect(stdout.split('\n').slice(1)).toEqual([
      '  column "users.age" is not in the types',
      '  table "posts" is not in the types',
      '',
    ])
    expect(written()).toContain('age: number | null')
  })

  test('takes settings and types of columns', async () => {
    writeFileSync(join(folder, 'types.json'), `{ "users.settings": "import('./settings.ts').Settings" }`)
    await generate('--naming', 'camelcase', '--dates', 'date', '--types', 'types.json')

    expect(written()).toContain('  userName: string\n')
    expect(written()).toContain("  settings: import('./settings.ts').Settings | null\n")
    expect(written()).toContain("  naming: 'camelCase',\n  dates: 'date',\n")
  })
})

describe('--check', () => {
  test('ends with 1 where there is no file, and makes none', async () => {
    const { code, stdout } = await generate('--check')

    expect({ code, stdout }).toEqual({ code: 1, stdout: `missing ${out} (1 table)\n` })
    expect(existsSync(out)).toBe(false)
  })

  test('ends with 0 where the file is up to date, also when a formatter has been over it', async () => {
    await generate()
    writeFileSync(
      out,
      written()
        .replaceAll(/^( {2,}\w+: [\w<>| ]+)$/gm, '$1;')
        .replaceAll("from 'noormme'", 'from "noormme"'),
    )

    expect(written()).toContain('user_name: string;')
    expect(await generate('--check')).toMatchObject({ code: 0 })
  })

  test('ends with 1 where the file is stale, says why, and leaves it', async () => {
    await generate()
    const before = written()
    run('ALTER TABLE users DROP COLUMN settings')
    const { code, stdout } = await generate('--check', '--naming', 'camelCase', '--json')

    expect({ code, found: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      found: {
        state: 'stale',
        changes: ["naming is 'camelCase', in the types 'stored'", 'column "users.settings" is only in the types'],
      },
    })
    expect(written()).toBe(before)
  })

  test('notices what was written by hand', async () => {
    await generate()
    writeFileSync(out, written().replace('user_name: string', 'user_name: number'))
    const { code, stdout } = await generate('--check')

    expect(code).toBe(1)
    expect(stdout).toContain('the file was edited, or made with other --types or by another version')
  })
})

describe('what is refused', () => {
  test('another file is not overwritten', async () => {
    writeFileSync(out, 'export const mine = 1\n')
    const { code, stderr } = await generate()

    expect(code).toBe(2)
    expect(stderr).toContain('was not made by noormme generate')
    expect(written()).toBe('export const mine = 1\n')
  })

  test.each([
    [['--out', 'a.d.ts'], 'a.d.ts ends in .d.ts'],
    [['--out', 'a.json'], 'a.json is no name of a TypeScript file'],
    [['--check', '--watch'], '--check and --watch exclude each other'],
    [['--naming', 'snake'], '--naming must be stored or camelCase, got "snake"'],
    [['--types', 'no.json'], 'no.json cannot be read: ENOENT'],
    [['--out', 'app.db/x.ts'], 'cannot be read: ENOTDIR'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await generate(...args)

    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  test('a database that is not there, and names that camelCase makes one', async () => {
    expect(await runCli(['generate', 'no.db'], { cwd: folder })).toMatchObject({ code: 2 })
    run('ALTER TABLE users ADD COLUMN userName')
    const { code, stderr } = await generate('--naming', 'camelCase')

    expect(code).toBe(2)
    expect(stderr).toContain('"user_name" and "userName", columns of "users", would both be userName')
    expect(existsSync(out)).toBe(false)
  })
})

describe.skipIf(process.platform === 'win32')('--watch', () => {
  function watch(...args: readonly string[]) {
    const main = new URL('../src/cli/main.ts', import.meta.url).pathname
    const node = ['--disable-warning=ExperimentalWarning', main, 'generate', 'app.db', '--watch', ...args]
    const child = spawn(process.execPath, node, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    return {
      line: async () => (await lines.next()).value as string,
      end: async (signal: NodeJS.Signals) => {
        const exited = once(child, 'exit')
        child.kill(signal)
        return exited
      },
    }
  }

  test('writes again with every change of the schema, and ends well', async () => {
    const watching = watch()
    expect(await watching.line()).toBe(`written ${out} (1 table)`)

    run("INSERT INTO users (user_name) VALUES ('rows change nothing')")
    run('CREATE TABLE posts (id INTEGER PRIMARY KEY)')
    expect(await watching.line()).toBe(`written ${out} (2 tables)`)
    expect(await watching.line()).toBe('  table "posts" is not in the types')
    expect(written()).toContain('posts: PostsTable')

    expect(await watching.end('SIGINT')).toEqual([0, null])
    expect(await watching.line()).toBe('written 2 times')
    expect(readdirSync(folder).sort()).toEqual(['app.db', 'database.types.ts'])
  })

  test('waits for a database that is made anew', async () => {
    const watching = watch()
    await watching.line()

    renameSync(join(folder, 'app.db'), join(folder, 'old.db'))
    expect(await watching.line()).toContain('there is no such file')
    run('CREATE TABLE other (id INTEGER PRIMARY KEY)', 'new.db')
    renameSync(join(folder, 'new.db'), join(folder, 'app.db'))
    expect(await watching.line()).toBe(`written ${out} (1 table)`)

    expect(await watching.end('SIGTERM')).toEqual([0, null])
  })
})
