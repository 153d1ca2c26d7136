/** Several processes on one file: a cluster that writes, and a command line beside a live server. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { snapshotOf } from './support/folder-snapshot.ts'
import { runCli } from './support/run-cli.ts'
import { runProgram } from './support/run-program.ts'
import { tempFolder } from './support/temp-folder.ts'

test('two workers of a cluster write and none of their acknowledged rows is missing', async () => {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const program = runProgram(
    folder,
    `import cluster from 'node:cluster'
    import { NOORMME } from 'noormme/index.ts'
    const db = new NOORMME(process.argv[2])
    if (cluster.isPrimary) {
      await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, worker, n)')
      const ends = [1, 2].map(() => new Promise((resolve) => cluster.fork().once('exit', resolve)))
      const codes = await Promise.all(ends)
      const { rows } = await db.execute('SELECT worker, count(*) AS rows, count(DISTINCT n) AS numbers FROM t GROUP BY worker ORDER BY worker')
      await db.close()
      process.stdout.write(JSON.stringify({ codes, rows }) + '\\n')
    } else {
      for (let round = 0; round < 20; round++)
        await Promise.all(Array.from({ length: 10 }, (_, n) =>
          db.execute('INSERT INTO t (worker, n) VALUES (?, ?)', [cluster.worker.id, round * 10 + n])))
      await db.close()
      process.disconnect()
    }`,
    [path],
  )
  expect(JSON.parse(await program.line())).toEqual({
    codes: [0, 0],
    rows: [1, 2].map((worker) => ({ worker, rows: 200, numbers: 200 })),
  })
  expect((await program.ended).code).toBe(0)
  expect(readdirSync(folder).filter((name) => name.startsWith('app.db'))).toEqual(['app.db'])
})

test.skipIf(process.platform !== 'linux')(
  'status and inspect beside a live server leave its files and its locks as they are',
  async () => {
    const folder = tempFolder()
    const path = join(folder, 'app.db')
    // In a process of its own: a test that reads the file's bytes drops the locks of its own process.
    const server = runProgram(
      tempFolder(),
      `import { NOORMME } from 'noormme/index.ts'
      const db = new NOORMME({
        connection: { database: process.argv[2] },
        // What it does by itself after a second must not be taken for the doing of others.
        optimization: { checkpoint: 'sqlite' }, automation: { enableAutoOptimization: false },
      })
      await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
      await db.execute("INSERT INTO users (name) VALUES ('Mira')")
      process.stdout.write('ready\\n')
      await new Promise((resolve) => process.stdin.once('data', resolve))
      await db.execute("INSERT INTO users (name) VALUES ('Noor')")
      const { checks } = await db.healthCheck()
      process.stdout.write(JSON.stringify(checks.find(({ name }) => name === 'locks')) + '\\n')
      process.exit()`,
      [path],
    )
    await server.line()
    const inodes = ['', '-wal', '-shm'].map((name) => String(statSync(path + name, { bigint: true }).ino))
    const locks = (): string[] =>
      readFileSync('/proc/locks', 'utf8')
        .split('\n')
        .flatMap((line) => {
          const fields = line.trim().split(/\s+/).slice(1)
          return inodes.includes(fields[4]?.split(':')[2] ?? '') ? fields.join(' ') : []
        })
        .sort()
    const before = { files: snapshotOf(folder), locks: locks() }
    expect(before.locks.length).toBeGreaterThan(0)

    for (const verb of ['status', 'inspect']) {
      const { code, stdout, stderr } = await runCli([verb, path], { cwd: folder })
      expect({ verb, code, stderr }).toEqual({ verb, code: 0, stderr: '' })
      expect(stdout).toContain(verb === 'inspect' ? 'users' : 'app.db')
      expect({ files: snapshotOf(folder), locks: locks() }).toEqual(before)
    }
    server.child.stdin?.write('go on')
    expect(JSON.parse(await server.line())).toMatchObject({ status: 'pass' })
  },
)
