/** One engine a file: NOORMMEs that name the same file share it, and close it together. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { linkSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { resolveConfig } from '../src/config/resolve.ts'
import { leaseEngine } from '../src/engine/engines.ts'
import { tempFolder } from './support/temp-folder.ts'

type Settings = Omit<NoormmeConfig, 'connection'>

function open(path: string, settings: Settings = {}): NOORMME {
  const db = new NOORMME({ ...settings, connection: { database: path } })
  onTestFinished(() => db.close().catch(() => {}))
  return db
}

interface Registered {
  version: string
  leases: number
}

function registered(): Registered[] {
  return [...((globalThis as Record<symbol, unknown>)[Symbol.for('noormme.engines')] as Set<Registered>)]
}

async function commitsOf(db: NOORMME): Promise<number> {
  return (await db.getConnectionStats()).counters.commits
}

async function count(db: NOORMME): Promise<unknown> {
  return (await db.execute('SELECT count(*) AS n FROM t')).rows[0]?.n
}

/** Two on one file, with a table `t`. */
async function two(settings: Settings = {}): Promise<{ a: NOORMME; b: NOORMME; path: string; folder: string }> {
  const folder = tempFolder()
  const path = join(folder, 'app.db')
  const a = open(path, settings)
  const b = open(path, settings)
  await a.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
  await b.initialize()
  return { a, b, path, folder }
}

describe('two on the same file share one engine', () => {
  test.each<[string, (path: string, folder: string) => string]>([
    ['the same path', (path) => path],
    ['a relative path', (path) => relative(process.cwd(), path)],
    ['a symbolic link', (path, folder) => linked(symlinkSync, path, join(folder, 'link.db'))],
    ['a hard link', (path, folder) => linked(linkSync, path, join(folder, 'hard.db'))],
    ['a link to its folder', (_, folder) => join(linked(symlinkSync, folder, `${folder}-link`), 'app.db')],
  ])('through %s', async (_, other) => {
    const folder = tempFolder()
    const path = join(folder, 'app.db')
    const a = open(path)
    await a.execute('CREATE TABLE t (v)')
    const b = open(other(path, folder))
    await b.execute('INSERT INTO t VALUES (1)')
    expect(await commitsOf(a)).toBe(await commitsOf(b))
    expect(await count(a)).toBe(1)
    expect(readdirSync(folder).filter((name) => name.endsWith('-wal'))).toEqual(['app.db-wal'])
  })

  test.each<[string, (path: string, folder: string) => string]>([
    ['the same path', (path) => path],
    ['a symbolic link that leads nowhere yet', (path, folder) => linked(symlinkSync, path, join(folder, 'link.db'))],
  ])('when neither exists before, opened at once through %s', async (_, other) => {
    const folder = tempFolder()
    const path = join(folder, 'app.db')
    const both = [open(path), open(other(path, folder))] as const
    await Promise.all(both.map((db) => db.initialize()))
    expect(registered().map(({ leases }) => leases)).toEqual([2])
    await both[0].execute('CREATE TABLE t (v)')
    expect(await count(both[1])).toBe(0)
  })

  test('which does not hold for :memory:', async () => {
    const [a, b] = [open(':memory:'), open(':memory:')]
    await a.execute('CREATE TABLE t (v)')
    await expect(b.execute('SELECT * FROM t')).rejects.toMatchObject({ code: 'NOORMME_TABLE_NOT_FOUND' })
  })

  test('a failed opening lets the one who waited for it try for itself', async () => {
    const folder = tempFolder()
    const setup = join(folder, 'setup.mjs')
    const mark = JSON.stringify(join(folder, 'mark'))
    writeFileSync(
      setup,
      `import { existsSync, writeFileSync } from 'node:fs'
      export default () => {
        if (existsSync(${mark})) return
        writeFileSync(${mark}, '')
        throw new Error('not the first time')
      }`,
    )
    const [a, b] = [open(join(folder, 'app.db'), { setup }), open(join(folder, 'app.db'), { setup })]
    const outcomes = await Promise.allSettled([a.initialize(), b.initialize()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect([a.isInitialized(), b.isInitialized()]).toEqual([false, true])
    await a.initialize()
    expect(registered().map(({ leases }) => leases)).toEqual([2])
  })

  test('a module that is evaluated again meets the open engine of the one before', async () => {
    const folder = tempFolder()
    const a = open(join(folder, 'app.db'))
    await a.execute('CREATE TABLE t (v)')
    vi.resetModules()
    const again = await import('noormme')
    expect(again.NOORMME).not.toBe(NOORMME)
    const b = new again.NOORMME(join(folder, 'app.db'))
    await b.transaction((tx) => tx.execute('INSERT INTO t VALUES (1)'))
    expect(registered().map(({ leases }) => leases)).toEqual([2])
    await a.close()
    expect(await b.getRepository('t').count()).toBe(1)
    await b.close()
    expect(readdirSync(folder)).toEqual(['app.db'])
  })
})

describe('is refused', () => {
  test('another configuration, with the keys that differ and what each says', async () => {
    const folder = tempFolder()
    await open(join(folder, 'app.db')).initialize()
    const other = open(join(folder, 'app.db'), {
      optimization: { synchronous: 'NORMAL', pageSize: 8192 },
      performance: { readers: 8 },
    })
    await expect(other.initialize()).rejects.toMatchObject({
      code: 'NOORMME_INITIALIZATION',
      message: expect.stringMatching(
        /optimization.synchronous is "FULL" there and "NORMAL" here; optimization.pageSize is null there and 8192 here; performance.readers is 4 there and 8 here$/,
      ),
    })
    expect(other.isInitialized()).toBe(false)
  })

  test('no difference in what each does for itself', async () => {
    const folder = tempFolder()
    const a = open(join(folder, 'app.db'), { introspection: { dates: 'date' }, performance: { maxBatchSize: 7 } })
    const b = open(join(folder, 'app.db'), { optimization: { enableWALMode: true } })
    await Promise.all([a.initialize(), b.initialize()])
    expect(registered().map(({ leases }) => leases)).toEqual([2])
  })

  test('another version of the package: two libraries on one file drop each other’s locks', async () => {
    const { a, b, path } = await two()
    for (const entry of registered()) Object.assign(entry, { version: '9.9.9' })
    await expect(open(path).initialize()).rejects.toMatchObject({
      code: 'NOORMME_INITIALIZATION',
      message: expect.stringContaining('noormme 9.9.9'),
    })
    await Promise.all([a.close(), b.close()])
    expect(registered()).toEqual([])
  })

  test.each([
    ['removed', (path: string) => rmSync(path)],
    [
      'replaced',
      (path: string) => {
        writeFileSync(`${path}.new`, '')
        renameSync(`${path}.new`, path)
      },
    ],
  ])(
    'a path whose file was %s under the open engine: the new one would be given the old one’s log',
    async (how, act) => {
      const { a, b, path } = await two()
      act(path)
      await expect(open(path).initialize()).rejects.toMatchObject({ code: 'NOORMME_FILE_GONE', context: { how } })
      await Promise.all([a.close(), b.close()])
      await open(path).initialize()
    },
  )
})

describe('close()', () => {
  test('of one refuses only its own calls, of the last closes the file', async () => {
    const { a, b, folder } = await two()
    const users = b.getRepository('t')
    await a.close()
    await expect(a.execute('SELECT 1')).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    expect(a.isInitialized()).toBe(false)
    await users.create({ v: 1 })
    expect(readdirSync(folder)).toContain('app.db-wal')

    await b.close()
    expect(readdirSync(folder)).toEqual(['app.db'])
    expect(registered()).toEqual([])
    await a.initialize()
    expect(await count(a)).toBe(1)
  })

  test('of one settles its own calls and transactions and waits for nobody else’s', async () => {
    const { a, b } = await two()
    const [mine, others] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const own = a.transaction(async (tx) => {
      await tx.execute("INSERT INTO t (v) VALUES ('transaction')")
      await mine.promise
    })
    const queued = a.execute("INSERT INTO t (v) VALUES ('queued')")
    const theirs = b.transaction(async (tx) => {
      await tx.execute("INSERT INTO t (v) VALUES ('theirs')")
      await others.promise
    })
    let closed = false
    const closing = a.close().then(() => {
      closed = true
    })
    await expect(a.execute('SELECT 1')).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    expect(closed).toBe(false)
    mine.resolve()
    await Promise.all([own, queued, closing])
    others.resolve()
    await theirs
    expect(await count(b)).toBe(3)
  })

  test('of one waits for a transaction of its own that was begun by hand', async () => {
    const { a, b } = await two()
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const transaction = a
      .getKysely()
      .transaction()
      .execute(async (trx) => {
        await trx.insertInto('t').values({ v: 1 }).execute()
        begun.resolve()
        await gate.promise
      })
    await begun.promise
    let closed = false
    const closing = a.close().then(() => {
      closed = true
    })
    await b.execute('SELECT 1')
    expect(closed).toBe(false)
    gate.resolve()
    await Promise.all([transaction, closing])
    expect(await count(b)).toBe(1)
  })

  test('of one ends its own snapshots and leaves those of others', async () => {
    const { a, b } = await two()
    const gate = Promise.withResolvers<void>()
    const inside = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    const own = a.snapshot(async (s) => {
      await s.execute('SELECT count(*) FROM t')
      inside[0].resolve()
      await new Promise<never>(() => {})
    })
    const theirs = b.snapshot(async (s) => {
      await s.execute('SELECT count(*) FROM t')
      inside[1].resolve()
      await gate.promise
      return (await s.execute('SELECT count(*) AS n FROM t')).rows
    })
    await Promise.all(inside.map(({ promise }) => promise))
    const refused = expect(own).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    await a.close()
    await refused
    gate.resolve()
    expect(await theirs).toEqual([{ n: 0 }])
  })

  test('of one ends its own streams, which do not look complete then, and gives their readers back', async () => {
    const settings: Settings = { performance: { readers: 2 } }
    const { a, b, path } = await two(settings)
    await b.execute('INSERT INTO t (v) VALUES (1), (2)')
    const config = resolveConfig({ ...settings, connection: { database: path } }, { env: process.env, cwd: '/' })
    const lease = await leaseEngine({
      config,
      context: new AsyncLocalStorage(),
      open: () => Promise.reject(new Error('it is open already')),
    })
    const blocks = lease.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1 })
    expect((await blocks.next()).value).toEqual([{ v: 1 }])
    await lease.close()
    await expect(blocks.next()).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    // Of two readers one may be held.
    expect(await a.snapshot((s) => s.execute('SELECT count(*) AS n FROM t'))).toMatchObject({ rows: [{ n: 2 }] })
  })

  test('of the last, while another opens, closes first and opens anew', async () => {
    const { a, b, path } = await two()
    await a.execute('INSERT INTO t (v) VALUES (1)')
    await b.close()
    const c = open(path)
    const [, opened] = await Promise.all([a.close(), c.initialize(), a.close()])
    expect(opened).toBeUndefined()
    expect(registered().map(({ leases }) => leases)).toEqual([1])
    expect((await c.getConnectionStats()).counters.writes).toBe(0)
    expect(await count(c)).toBe(1)
  })

  test('of all at once leaves one file', async () => {
    const { a, b, path, folder } = await two()
    const more = Array.from({ length: 10 }, () => open(path))
    await Promise.all(more.map((db) => db.initialize()))
    await Promise.all([a, b, ...more].map((db) => db.close()))
    expect(readdirSync(folder)).toEqual(['app.db'])
    expect(registered()).toEqual([])
  })
})

describe.each([true, false])('a transaction of one (WAL %s)', (enableWALMode) => {
  const settings: Settings = { optimization: { enableWALMode } }

  test('is joined by calls on the other made inside it: they would wait for themselves', async () => {
    const { a, b, path } = await two(settings)
    await b.refreshSchema()
    const late = open(path, settings)
    await expect(
      a.transaction(async () => {
        await b.execute('INSERT INTO t (v) VALUES (1)')
        await b.getRepository('t').create({ v: 2 })
        await b.getKysely().insertInto('t').values({ v: 3 }).execute()
        await b.transaction((tx) => tx.execute('INSERT INTO t (v) VALUES (4)'))
        await late.execute('INSERT INTO t (v) VALUES (5)')
        expect(await count(late)).toBe(5)
        await expect(b.migrate(path)).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
        throw new Error('undo')
      }),
    ).rejects.toThrow('undo')
    expect(await count(b)).toBe(0)
  })

  test('refuses to close either from inside it: that would wait for it', async () => {
    const { a, b } = await two(settings)
    await a.transaction(async (tx) => {
      await expect(b.close()).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
      await expect(a.close()).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
      await tx.execute('INSERT INTO t (v) VALUES (1)')
    })
    expect(await count(b)).toBe(1)
  })

  test('that has ended refuses late calls on the other after both were closed and opened again', async () => {
    const { a, b } = await two(settings)
    const gate = Promise.withResolvers<void>()
    let late: Promise<unknown> = Promise.resolve()
    await a.transaction(async () => {
      late = gate.promise.then(() => b.execute('INSERT INTO t (v) VALUES (1)'))
    })
    await Promise.all([a.close(), b.close()])
    await b.initialize()
    gate.resolve()
    await expect(late).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
    expect(await count(b)).toBe(0)
  })
})

function linked(link: (target: string, path: string) => void, target: string, path: string): string {
  link(target, path)
  onTestFinished(() => rmSync(path, { force: true }))
  return path
}
