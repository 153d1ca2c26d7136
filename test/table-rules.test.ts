/** Versions and timestamps that repositories keep by themselves, as the configuration says. */
import { NOORMME, type NoormmeConfig, type StandardSchema } from 'noormme'
import { describe, expect, test } from 'vitest'
import { tempFolder } from './support/temp-folder.ts'

const WORKS = `CREATE TABLE works(id INTEGER PRIMARY KEY, title TEXT, likes INTEGER NOT NULL DEFAULT 0, slug TEXT UNIQUE,
  version INTEGER NOT NULL DEFAULT 1, created_at TEXT, updated_at TEXT)`

type Rules = Pick<NoormmeConfig, 'tables' | 'timestamps'>

async function open(rules: Rules, ...statements: readonly string[]): Promise<NOORMME> {
  const database = `${tempFolder()}/app.db`
  const plain = new NOORMME({ connection: { database } })
  for (const sql of statements) await plain.execute(sql)
  await plain.close()
  const db = new NOORMME({ connection: { database }, optimization: { synchronous: 'NORMAL' }, ...rules })
  await db.initialize()
  return db
}

describe('versions', () => {
  const VERSIONED = { tables: { works: { version: 'version' } } }

  test('of two who change the same row, the second is told', async () => {
    await using db = await open(VERSIONED, WORKS)
    const works = db.getRepository('works')
    await works.create({ title: 'a' })
    const one = await works.findById(1)
    const other = await works.findById(1)

    const changed = await works.update({ ...one, title: 'b' })

    expect(changed).toMatchObject({ title: 'b', version: 2 })
    await expect(works.update({ ...other, title: 'c' })).rejects.toMatchObject({
      code: 'NOORMME_STALE',
      retryable: false,
      context: { table: 'works', version: 'version' },
    })
    await expect(works.update(1, { title: 'c', version: 1 })).rejects.toMatchObject({ code: 'NOORMME_STALE' })
    await expect(works.update(2, { title: 'c', version: 1 })).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
    expect(await works.update(1, { title: 'd', version: 2 })).toMatchObject({ title: 'd', version: 3 })
    expect(await works.findById(1)).toMatchObject({ title: 'd', version: 3 })
  })

  test('every writing method counts one change', async () => {
    await using db = await open(VERSIONED, WORKS)
    const works = db.getRepository('works')
    const version = async () => (await works.findById(1))?.version

    await works.create({ title: 'a', slug: 's' })
    expect(await version()).toBe(1)
    await works.update(1, { title: 'b' })
    expect(await version()).toBe(2)
    await works.updateMany({ slug: 's' }, { title: 'c' })
    expect(await version()).toBe(3)
    await works.increment(1, 'likes')
    expect(await version()).toBe(4)
    await works.upsert({ slug: 's', title: 'd' })
    expect(await version()).toBe(5)
    await works.upsertMany([
      { slug: 's', title: 'e' },
      { slug: 's', title: 'f' },
    ])
    expect(await version()).toBe(7)

    await works.update(1, {})
    await works.upsert({ slug: 's', title: 'g' }, { update: [] })
    await works.findOrCreate({ slug: 's' })
    expect(await version()).toBe(7)
  })

  test('a version is never set by hand', async () => {
    await using db = await open(VERSIONED, WORKS, "INSERT INTO works(id, slug) VALUES (1, 's')")
    const works = db.getRepository('works')

    await expect(works.updateMany({ id: 1 }, { version: 5 })).rejects.toThrow(/counts by itself/)
    await expect(works.upsert({ slug: 's', version: 5 })).rejects.toThrow(/counts by itself/)
    await expect(works.upsert({ slug: 's', title: 'x' }, { update: { version: 5 } })).rejects.toThrow(
      /counts by itself/,
    )
    await expect(works.increment(1, 'version')).rejects.toThrow(/counts by itself/)
    expect(await works.updateMany({ id: 1, version: 1 }, { title: 'x' })).toEqual({ count: 1 })
    expect(await works.updateMany({ id: 1, version: 1 }, { title: 'y' })).toEqual({ count: 0 })
  })

  test('a row without one counts from 0, and a column without a default begins with 1', async () => {
    await using db = await open(
      { tables: { t: { version: 'v' } } },
      'CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER, x TEXT)',
      "INSERT INTO t VALUES (1, NULL, 'a')",
    )
    const rows = db.getRepository('t')
    const old = await rows.findById(1)

    expect(await rows.update({ ...old, x: 'b' })).toMatchObject({ v: 1 })
    await expect(rows.update({ ...old, x: 'c' })).rejects.toMatchObject({ code: 'NOORMME_STALE' })
    expect(await rows.create({ x: 'd' })).toMatchObject({ v: 1 })
    await rows.createMany([{ x: 'e' }, { id: 9, x: 'f' }])
    expect(await rows.count({ v: 1 })).toBe(4)
  })

  test('with triggers and a hundred at once, none is lost', async () => {
    await using db = await open(
      VERSIONED,
      WORKS,
      "INSERT INTO works(id, title) VALUES (1, '0')",
      "CREATE TRIGGER t AFTER UPDATE ON works BEGIN UPDATE works SET slug = 'v' || version WHERE id = new.id; END",
    )
    const works = db.getRepository('works')
    const addOne = async (): Promise<void> => {
      const work = await works.findById(1)
      try {
        await works.update({ ...work, title: String(Number(work?.title) + 1) })
      } catch (error) {
        if ((error as { code?: string }).code !== 'NOORMME_STALE') throw error
        await addOne()
      }
    }

    await Promise.all(Array.from({ length: 20 }, addOne))

    expect(await works.findById(1)).toMatchObject({ title: '20', version: 21, slug: 'v21' })
  })
})

describe('timestamps', () => {
  const STAMPED = { timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' } }
  const LONG_AGO = '2000-01-01T00:00:00.000Z'
  const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

  test('are set where a row is made and where it is changed', async () => {
    await using db = await open(STAMPED, WORKS, 'CREATE TABLE plain(id INTEGER PRIMARY KEY, v INTEGER)')
    const works = db.getRepository('works')
    const made = await works.create({ slug: 's' })
    expect(made).toMatchObject({ created_at: expect.stringMatching(ISO), updated_at: made.created_at })

    const age = () => db.execute('UPDATE works SET created_at = ?, updated_at = ?', [LONG_AGO, LONG_AGO])
    for (const change of [
      () => works.update(1, { title: 'b' }),
      async () => works.update({ ...(await works.findById(1)), title: 'c' }),
      () => works.updateMany({ id: 1 }, { title: 'd' }),
      () => works.increment(1, 'likes'),
      () => works.upsert({ slug: 's', title: 'e' }),
      () => works.upsertMany([{ slug: 's', title: 'f' }]),
    ]) {
      await age()
      await change()
      const row = await works.findById(1)
      expect(row).toMatchObject({ created_at: LONG_AGO, updated_at: expect.stringMatching(ISO) })
      expect(row?.updated_at, String(change)).not.toBe(LONG_AGO)
    }
    expect(await db.getRepository('plain').create({ v: 1 })).toEqual({ id: 1, v: 1 })
  })

  test('that are given are kept', async () => {
    await using db = await open(STAMPED, WORKS)
    const works = db.getRepository('works')

    await works.createMany([{ created_at: LONG_AGO, updated_at: LONG_AGO }, { created_at: LONG_AGO }, {}])
    expect(await works.count({ created_at: LONG_AGO })).toBe(2)
    expect(await works.count({ updated_at: LONG_AGO })).toBe(1)
    expect(await works.update(3, { updated_at: LONG_AGO })).toMatchObject({ updated_at: LONG_AGO })
  })

  test.each([
    ['TEXT DEFAULT CURRENT_TIMESTAMP', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/],
    ["TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
    ["TEXT DEFAULT (datetime('now', 'localtime'))", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/],
    ['INTEGER DEFAULT (unixepoch())', /^\d{10}$/],
    ['REAL DEFAULT (julianday())', /^24\d{5}\.\d+$/],
    ['DATE', /^\d{4}-\d\d-\d\d$/],
  ])('are in the form of their column: %s', async (type, form) => {
    await using db = await open(
      { tables: { t: { createdAt: 'made', updatedAt: 'changed' } } },
      `CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER, made ${type}, changed ${type})`,
    )
    const rows = db.getRepository('t')

    const made = await rows.create({ v: 1 })
    await db.execute('UPDATE t SET changed = NULL')
    const changed = await rows.update(1, { v: 2 })

    for (const value of [made.made, made.changed, changed.changed]) expect(String(value)).toMatch(form)
  })

  test('are in the form of what is stored, where there is no default', async () => {
    await using db = await open(STAMPED, WORKS, "INSERT INTO works(created_at) VALUES ('2026-01-31T09:30:00Z')")

    const made = await db.getRepository('works').create({})

    expect(made.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(made.updated_at).toMatch(ISO)
  })
})

describe('rules that the database cannot follow', () => {
  const anything: StandardSchema = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } }

  test('are all named when it is opened, which closes it again', async () => {
    const database = `${tempFolder()}/app.db`
    const first = new NOORMME({ connection: { database } })
    await first.execute(WORKS)
    await first.execute(
      'CREATE TABLE odd(id INTEGER PRIMARY KEY, at INTEGER, g TEXT AS (at), created_at INTEGER, v TEXT)',
    )
    await first.execute('CREATE VIEW seen AS SELECT * FROM works')
    await first.close()
    const db = new NOORMME({
      connection: { database },
      timestamps: { createdAt: 'created_at' },
      tables: {
        work: { version: 'version' },
        works: { version: 'verison', createdAt: 'craeted_at', validate: { insert: anything } },
        odd: { version: 'v', updatedAt: 'g' },
        seen: { version: 'version' },
      },
    })

    const error = (await db.initialize().catch((caught: unknown) => caught)) as Error & {
      context: { problems: unknown }
    }

    expect(error.context.problems).toEqual([
      { path: 'tables.work', message: 'names no table of the database; did you mean "works"?' },
      { path: 'tables.odd.version', message: 'must be a column of integers, and "v" is declared TEXT' },
      { path: 'timestamps.createdAt', message: expect.stringMatching(/^names odd\.created_at, which holds numbers/) },
      { path: 'tables.odd.updatedAt', message: 'is a column that cannot be written' },
      { path: 'tables.seen.version', message: expect.stringContaining('this is a view') },
      { path: 'tables.works.version', message: 'names no column of "works"; did you mean "version"?' },
      { path: 'tables.works.createdAt', message: 'names no column of "works"; did you mean "created_at"?' },
    ])
    expect(db.isInitialized()).toBe(false)
  })

  test('may be made true by a migration that comes first', async () => {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    const folder = tempFolder()
    mkdirSync(`${folder}/migrations`)
    writeFileSync(`${folder}/migrations/0001_works.sql`, WORKS)
    const config = { connection: { database: `${folder}/app.db` }, tables: { works: { version: 'version' } } }
    await expect(new NOORMME(config).initialize()).rejects.toThrow(/call migrate\(\) first/)
    await using db = new NOORMME(config)

    await db.migrate(`${folder}/migrations`)
    await db.initialize()

    expect(await db.getRepository('works').create({})).toMatchObject({ version: 1 })
  })

  test('an initialize() that finds a column gone does not close what others are using: with the check taken out it would', async () => {
    await using db = await open({ tables: { works: { version: 'version' } } }, WORKS, 'CREATE TABLE others(id INTEGER)')
    await db.execute('ALTER TABLE works DROP COLUMN version')

    await expect(db.initialize()).rejects.toMatchObject({ code: 'NOORMME_CONFIG' })
    expect(db.isInitialized()).toBe(true)
    expect(await db.getRepository('others').count()).toBe(0)
  })

  test('without initialize() they are named when the table is used, and others can be', async () => {
    const database = `${tempFolder()}/app.db`
    await using db = new NOORMME({ connection: { database }, tables: { works: { version: 'verison' } } })
    await db.execute(WORKS)
    await db.execute('CREATE TABLE plain(id INTEGER PRIMARY KEY)')
    await db.refreshSchema()

    expect(await db.getRepository('plain').create({})).toEqual({ id: 1 })
    expect(() => db.getRepository('works')).toThrow(/tables\.works\.version names no column/)
  })

  test('a table can be left out of the timestamps', async () => {
    await using db = await open(
      { timestamps: { createdAt: 'at' }, tables: { t: { createdAt: false } } },
      'CREATE TABLE t(id INTEGER PRIMARY KEY, at INTEGER)',
    )

    expect(await db.getRepository('t').create({})).toEqual({ id: 1, at: null })
  })
})
