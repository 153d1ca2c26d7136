import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openGallery } from '../../../test/support/open-gallery.ts'
import { openRepositories } from '../../../test/support/open-repositories.ts'
import { plainExecutor } from '../../../test/support/plain-executor.ts'
import type { Executor } from '../../engine/types.ts'

describe('values', () => {
  test('are as exact and as decoded as those of a row by itself', async () => {
    await using db = await openRepositories(
      'CREATE TABLE boxes (id BIGINT PRIMARY KEY)',
      `CREATE TABLE things (id INTEGER PRIMARY KEY, box BIGINT REFERENCES boxes, big BIGINT, real REAL, bytes BLOB, yes BOOLEAN,
         data JSON, "__proto__" BOOLEAN, at DATETIME)`,
    )
    const big = 2n ** 62n + 1n
    await (await db.repository('boxes')).create({ id: big })
    const things = await db.repository('things', { dates: 'date' })
    const thing = await things.create({
      box: big,
      big: -big,
      real: 0.1 + 0.2,
      bytes: new Uint8Array([0, 255]),
      yes: true,
      data: { a: [1, null] },
      at: new Date('2026-02-03T04:05:06.789Z'),
      ['__proto__']: false,
    })

    const boxes = await db.repository('boxes', { dates: 'date' })
    const [box] = await boxes.findAll({ with: { things: true } })

    expect(box?.things).toEqual([thing])
    expect(Object.hasOwn(box?.things[0], '__proto__')).toBe(true)
    expect(box?.things[0].bytes).toBeInstanceOf(Uint8Array)
    expect(await things.findById(1, { with: { box_: false } as never }).catch(({ code }) => code)).toBe(
      'NOORMME_RELATIONSHIP_NOT_FOUND',
    )
    expect((await things.findOne({ with: { boxes: true } }))?.boxes).toEqual({ id: big })
  })

  test('names are any names, also those of objects and of statements', async () => {
    await using db = await openRepositories(
      'CREATE TABLE "a ""quoted""" ("key" INTEGER PRIMARY KEY, "§0" TEXT)',
      'CREATE TABLE "__proto__" ("select" INTEGER PRIMARY KEY, "the_id" INTEGER REFERENCES "a ""quoted""")',
      `INSERT INTO "a ""quoted""" VALUES (7, 'x')`,
      'INSERT INTO "__proto__" VALUES (1, 7)',
    )
    const rows = await (await db.repository('a "quoted"')).findAll({
      with: Object.fromEntries([['__proto__', { with: { the: true }, limit: 1 }]]),
      withCount: ['__proto__'],
    })

    expect(Object.entries(rows[0] ?? {})).toEqual([
      ['key', 7],
      ['§0', 'x'],
      ['__proto__Count', 1],
      ['__proto__', [{ select: 1, the_id: 7, the: { key: 7, '§0': 'x' } }]],
    ])
  })

  test('rows that are wider than those that belong to them, and the other way round', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `c${index}`)
    await using db = await openRepositories(
      `CREATE TABLE wide (id INTEGER PRIMARY KEY, ${many.join(', ')})`,
      'CREATE TABLE narrow (id INTEGER PRIMARY KEY, wide_id INTEGER REFERENCES wide)',
      `INSERT INTO wide SELECT value, ${many.map((_, index) => `value * 100 + ${index}`)} FROM generate_series(1, 3)`.replace(
        'generate_series(1, 3)',
        "json_each('[1,2,3]')",
      ),
      'INSERT INTO narrow VALUES (1, 1), (2, 3), (3, 3)',
    )
    const wide = await db.repository('wide')
    const plain = await wide.findAll({ orderBy: 'id' })

    const rows = await wide.findAll({ orderBy: 'id', with: { narrow: { orderBy: 'id', with: { wide: true } } } })

    const [first, second, third] = plain
    expect(rows).toEqual([
      { ...first, narrow: [{ id: 1, wide_id: 1, wide: first }] },
      { ...second, narrow: [] },
      {
        ...third,
        narrow: [
          { id: 2, wide_id: 3, wide: third },
          { id: 3, wide_id: 3, wide: third },
        ],
      },
    ])
  })

  test('more rows than a statement has parameters', async () => {
    await using db = await openRepositories(
      'CREATE TABLE boxes (id INTEGER PRIMARY KEY)',
      'CREATE TABLE things (id INTEGER PRIMARY KEY, box_id INTEGER REFERENCES boxes)',
      'CREATE INDEX things_by_box ON things (box_id)',
      'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 40000) INSERT INTO boxes SELECT i FROM n',
      'INSERT INTO things SELECT id, id FROM boxes',
    )
    const boxes = await db.repository('boxes')
    const wrong = (rows: readonly Record<string, unknown>[]) =>
      rows.filter(({ id, things }) => (things as { id: unknown }[])[0]?.id !== id).length

    const rows = await boxes.findAll({ with: { things: true } })
    expect([rows.length, wrong(rows)]).toEqual([40_000, 0])
    const loaded = await boxes.loadRelationships(await boxes.findAll(), ['things'])
    expect([loaded.length, wrong(loaded)]).toEqual([40_000, 0])
  })

  test('what belongs together is told by numbers, not by the order in which SQLite returns rows', async () => {
    await using gallery = await openGallery()
    const options = {
      orderBy: { id: 'desc' },
      with: { comments: { orderBy: 'id', with: { comments: { orderBy: 'id' } } }, artist: true },
    } as const
    const expected = await gallery.works.findAll(options)

    const database = new Database(gallery.db.path)
    database.pragma('reverse_unordered_selects = ON')
    const executor = plainExecutor(database) as unknown as Executor
    const rows = await (await gallery.db.repository('works', { executor })).findAll(options)
    database.close()

    const ids = (row: Record<string, unknown>): unknown => [
      row.id,
      ...((row.comments as Record<string, unknown>[]) ?? []).map(ids).sort(),
    ]
    expect(rows.map(ids)).toEqual(expected.map(ids))
  })

  test('keys of different types are compared as foreign keys are', async () => {
    await using db = await openRepositories(
      'CREATE TABLE parents (id INTEGER PRIMARY KEY)',
      'CREATE TABLE children (id INTEGER PRIMARY KEY, mother TEXT REFERENCES parents, father REFERENCES parents)',
      'INSERT INTO parents VALUES (1), (2)',
      "INSERT INTO children VALUES (1, '1', 2)",
    )
    const parents = await db.repository('parents')
    const relations = ['children_by_mother', 'children_by_father']
    const child = { id: 1, mother: '1', father: 2 }

    expect(await parents.loadRelationships(await parents.findAll({ withCount: relations }), relations)).toEqual([
      {
        id: 1,
        children_by_motherCount: 1,
        children_by_fatherCount: 0,
        children_by_mother: [child],
        children_by_father: [],
      },
      {
        id: 2,
        children_by_motherCount: 0,
        children_by_fatherCount: 1,
        children_by_mother: [],
        children_by_father: [child],
      },
    ])
    expect(await (await db.repository('children')).findOne({ with: { parents_by_mother: true } })).toEqual({
      ...child,
      parents_by_mother: { id: 1 },
    })
    expect(await parents.count({ children_by_mother: { some: {} } })).toBe(1)
  })

  test('a key that is compared without case finds one row and no second parent', async () => {
    await using db = await openRepositories(
      'CREATE TABLE codes (code TEXT COLLATE NOCASE PRIMARY KEY)',
      'CREATE TABLE notes (code TEXT PRIMARY KEY REFERENCES codes)',
      "INSERT INTO codes VALUES ('De')",
      "INSERT INTO notes VALUES ('DE'), ('de')",
    )
    const rows = await (await db.repository('codes')).findAll({ with: { notes: true } })

    expect(rows).toEqual([{ code: 'De', notes: { code: expect.stringMatching(/^de$/i) } }])
    expect(await (await db.repository('notes')).count({ codes: { code: 'De' } })).toBe(2)
  })
})
