/** Kept results, through the public door: never another answer than reading again would give, whoever writes. */
import { once } from 'node:events'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Program, runProgram } from './support/run-program.ts'
import { tempDatabase } from './support/temp-database.ts'

type Performance = NonNullable<NoormmeConfig['performance']>

/** Nothing runs inline, so that no read is too short to be kept. */
const CACHING: Performance = { enableCaching: true, inlineReadBudget: 0 }
const QUIET = { optimization: { synchronous: 'OFF' as const }, automation: { enableAutoOptimization: false } }
/** `total` goes up with every write, and nothing else ever says so. */
const TABLES = [
  'CREATE TABLE totals (id INTEGER PRIMARY KEY, total INTEGER NOT NULL)',
  'CREATE TABLE parts (id INTEGER PRIMARY KEY, part INTEGER NOT NULL)',
  'INSERT INTO totals VALUES (1, 0)',
  'CREATE VIEW shown AS SELECT count(*) AS parts FROM parts',
]
const WRITE = [
  { sql: 'INSERT INTO parts (part) VALUES (1)' },
  { sql: 'UPDATE totals SET total = total + 1 WHERE id = 1' },
]
const READS = [
  'SELECT total, (SELECT count(*) FROM parts) AS parts FROM totals',
  'SELECT sum(part) AS parts, (SELECT total FROM totals) AS total FROM parts',
  'SELECT total, shown.parts AS parts FROM totals, shown',
]

async function openCaching(performance: Performance = CACHING) {
  const made = tempDatabase({ ...QUIET, performance })
  for (const sql of TABLES) await made.db.execute(sql)
  await made.db.refreshSchema()
  const raw = new BetterSqlite3(made.path)
  onTestFinished(() => void raw.close())
  return { ...made, raw, cache: async () => (await made.db.getConnectionStats()).cache }
}

/** Another process with a cache of its own: does one command a line, and answers each with a line. */
const OTHER = `
import { createInterface } from 'node:readline'
import { NOORMME } from 'noormme/index.ts'
const [path, config, writes] = JSON.parse(process.argv[2])
const db = new NOORMME({ ...config, connection: { database: path } })
await db.initialize()
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const answer = line === 'write' ? await db.batch(writes) : (await db.execute(line)).rows
  console.log(JSON.stringify(answer, (key, value) => (typeof value === 'bigint' ? Number(value) : value)))
}
await db.close()
`

class OtherProcess {
  readonly #program: Program

  constructor(folder: string, path: string) {
    const config = { ...QUIET, performance: CACHING }
    this.#program = runProgram(folder, OTHER, [JSON.stringify([path, config, WRITE])])
  }

  async ready(): Promise<void> {
    expect(await this.#program.line()).toBe('ready')
  }

  async run(command: string): Promise<unknown> {
    this.#program.child.stdin?.write(`${command}\n`)
    return JSON.parse(await this.#program.line())
  }

  async end(): Promise<void> {
    this.#program.child.stdin?.end()
    await once(this.#program.child, 'close')
  }
}

const WRITERS = [
  'write here',
  'write there',
  'write outside',
  'undo here',
  'change the view here',
  'change the view there',
]
const STEPS = fc.array(
  fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...WRITERS) }, { weight: 2, arbitrary: fc.nat(READS.length - 1) }),
  { minLength: 10, maxLength: 30 },
)

test('one after another, every read gives what reading the file gives', { timeout: 180_000 }, async () => {
  const { db, raw, path, folder, cache } = await openCaching()
  const other = new OtherProcess(folder, path)
  await other.ready()
  let views = 0
  const view = () => `CREATE VIEW shown AS SELECT count(*) + ${++views} - ${views} AS parts FROM parts`
  const steps: Record<string, () => Promise<unknown>> = {
    'write here': () => db.batch(WRITE),
    'write there': () => other.run('write'),
    'write outside': async () => raw.exec(`BEGIN; ${WRITE.map(({ sql }) => sql).join(';')}; COMMIT`),
    'undo here': () =>
      db
        .transaction(async (tx) => {
          await tx.batch(WRITE)
          throw new Error('undo')
        })
        .catch(() => {}),
    'change the view here': () => db.batch([{ sql: 'DROP VIEW shown' }, { sql: view() }]),
    'change the view there': async () => {
      await other.run('DROP VIEW shown')
      await other.run(view())
    },
  }

  await fc.assert(
    fc.asyncProperty(STEPS, async (sequence) => {
      for (const step of sequence) {
        if (typeof step === 'string') await steps[step]?.()
        else {
          const sql = READS[step] as string
          const expected = raw.prepare(sql).all()
          expect((await db.execute(sql)).rows).toEqual(expected)
          expect(await other.run(sql)).toEqual(expected)
        }
      }
    }),
    { numRuns: 12 },
  )
  expect((await cache())?.hits).toBeGreaterThan(0)
  expect((await cache())?.invalidations).toBeGreaterThan(0)
  await other.end()
})

test('all at once, every read gives a state between its call and its answer', { timeout: 180_000 }, async () => {
  const { db, path, folder, cache } = await openCaching({ ...CACHING, readers: 3 })
  const other = new OtherProcess(folder, path)
  await other.ready()
  let asked = 0
  let acknowledged = 0
  const write = async (commit: () => Promise<unknown>): Promise<void> => {
    asked++
    await commit()
    acknowledged++
  }
  const read = async (sql: string): Promise<void> => {
    const least = acknowledged
    const [row] = (await db.execute<{ total: number; parts: number | null }>(sql)).rows
    expect(row?.parts ?? 0).toBe(row?.total)
    expect(row?.total).toBeGreaterThanOrEqual(least)
    expect(row?.total).toBeLessThanOrEqual(asked)
  }
  // How many turns of the event loop pass before the next step: answers come in between, or do not.
  const turns = fc.nat(3)
  const step = fc.tuple(fc.constantFrom('here', 'there', ...READS, ...READS, ...READS), turns)

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (sequence) => {
      const all: Promise<void>[] = []
      let theirs = Promise.resolve()
      for (const [what, pause] of sequence) {
        if (what === 'here') all.push(write(() => db.batch(WRITE)))
        else if (what === 'there') theirs = theirs.then(() => write(() => other.run('write')))
        else all.push(read(what))
        for (let turn = 0; turn < pause; turn++) await new Promise((resolve) => setImmediate(resolve))
      }
      await Promise.all([...all, theirs])
    }),
    { numRuns: 25 },
  )
  expect((await cache())?.hits).toBeGreaterThan(0)
  await other.end()
})

describe('rows', () => {
  test('that a caller changes are changed for nobody else', async () => {
    const { db } = await openCaching()
    await db.execute('CREATE TABLE notes (id INTEGER PRIMARY KEY, tags JSON, bytes BLOB, done BOOLEAN)')
    await db.execute('INSERT INTO notes VALUES (1, ?, ?, 1)', ['["a"]', new Uint8Array([1, 2])])
    await db.refreshSchema()
    const notes = db.getRepository<{ id: number; tags: string[]; bytes: Uint8Array; done: boolean }>('notes')
    const expected = { id: 1, tags: ['a'], bytes: new Uint8Array([1, 2]), done: true }
    for (let round = 0; round < 3; round++) {
      const all = await notes.findAll({ where: { done: true } })
      expect(all).toEqual([expected])
      all[0]?.tags.push('b')
      all[0]?.bytes.fill(9)
      all.length = 0
    }
  })

  test('come through repositories, Kysely and SQL alike, and absent ones are kept too', async () => {
    const { db, cache } = await openCaching()
    const misses = (await cache())?.misses ?? 0
    for (let round = 0; round < 2; round++) {
      expect(await db.getRepository('totals').findAll({ where: { total: { gt: 5 } } })).toEqual([])
      expect(await db.getKysely().selectFrom('parts').selectAll().execute()).toEqual([])
      expect((await db.execute('SELECT * FROM parts WHERE part = ?', [9])).rows).toEqual([])
    }
    expect(await cache()).toMatchObject({ hits: 3, misses: misses + 3, entries: 3 })
  })
})

test('NOORMMEs that share a file share what is kept', async () => {
  const { db, path, cache } = await openCaching()
  const second = new NOORMME({ ...QUIET, connection: { database: path }, performance: CACHING })
  onTestFinished(() => second.close())
  await db.execute(READS[0] as string)
  await second.execute(READS[0] as string)
  expect(await cache()).toMatchObject({ hits: 1 })

  await second.batch(WRITE)
  expect((await db.execute(READS[0] as string)).rows).toEqual([{ total: 1, parts: 1 }])
})

test('the health check reads, whatever is kept', async () => {
  const { db, cache } = await openCaching()
  const before = await cache()
  for (let check = 0; check < 3; check++) expect((await db.healthCheck()).status).toBe('healthy')
  expect(await cache()).toEqual(before)
})

describe('the configuration', () => {
  test('keeps nothing by default', async () => {
    const { db } = tempDatabase(QUIET)
    await db.initialize()
    expect((await db.getConnectionStats()).cache).toBeNull()
  })

  test('bounds what is kept', async () => {
    const { db, cache } = await openCaching({ ...CACHING, maxCacheSize: 2, maxCacheBytes: 2 ** 20 })
    for (let value = 0; value < 5; value++) await db.execute('SELECT ? AS value FROM totals', [value])
    expect(await cache()).toMatchObject({ entries: 2, evictions: 3, maxEntries: 2, maxBytes: 2 ** 20 })

    const large = 'SELECT printf(?, 1) AS text FROM totals'
    for (let width = 10_000; width < 10_060; width++) await db.execute(large, [`%${width}d`])
    const stats = await cache()
    expect(stats?.bytes).toBeLessThanOrEqual(2 ** 20)
  })

  test.each([
    { connection: { database: ':memory:' } },
    { connection: { database: './app.db' }, optimization: { enableWALMode: false } },
  ])('is refused where there is no WAL: %o', (config) => {
    const open = () => new NOORMME({ ...config, performance: { enableCaching: true } })
    const problem = { path: 'performance.enableCaching', message: expect.stringContaining('WAL mode only') }
    expect(open).toThrow(expect.objectContaining({ code: 'NOORMME_CONFIG', context: { problems: [problem] } }))
  })
})
