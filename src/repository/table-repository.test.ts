import { describe, expect, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'

const WORKS = `CREATE TABLE works(id INTEGER PRIMARY KEY, title TEXT NOT NULL, likes INTEGER NOT NULL DEFAULT 0,
  artist_id INTEGER, slug TEXT UNIQUE, loud TEXT AS (upper(title)), created_at TEXT DEFAULT CURRENT_TIMESTAMP)`
const ROLES =
  'CREATE TABLE user_roles(user_id INTEGER, role_id INTEGER, note TEXT, PRIMARY KEY(user_id, role_id)) WITHOUT ROWID'

describe('reading', () => {
  test('finders answer null, delete false and update an error where there is no row', async () => {
    await using db = await openRepositories(WORKS)
    const works = await db.repository('works')

    expect(await works.findById(1)).toBeNull()
    expect(await works.findOne({ where: { title: 'x' } })).toBeNull()
    expect(await works.findBySlug?.('x')).toBeNull()
    expect(await works.findManyBySlug?.('x')).toEqual([])
    expect(await works.delete(1)).toBe(false)
    await expect(works.update(1, { title: 'x' })).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
    await expect(works.update(1, {})).rejects.toMatchObject({ code: 'NOORMME_NOT_FOUND' })
  })

  test('order, limit, offset and selection do as they say', async () => {
    await using db = await openRepositories(WORKS)
    const works = await db.repository('works')
    await works.createMany(
      [3, 1, 2, 1].map((likes, index) => ({ title: `t${index}`, likes, artist_id: index === 1 ? null : index })),
    )
    const titles = async (options: Parameters<typeof works.findAll>[0]) =>
      (await works.findAll(options)).map(({ title }) => title)

    expect(await titles({ orderBy: ['likes', { id: 'desc' }] })).toEqual(['t3', 't1', 't2', 't0'])
    expect(await titles({ orderBy: ['likes', { id: 'desc' }, { likes: 'desc' }] })).toEqual(['t3', 't1', 't2', 't0'])
    expect(await titles({ orderBy: { likes: 'DESC', id: 'ASC' } })).toEqual(['t0', 't2', 't1', 't3'])
    expect(await titles({ orderBy: 'title', orderDirection: 'desc', limit: 2 })).toEqual(['t3', 't2'])
    expect(await titles({ orderBy: { column: 'title', direction: 'desc' }, offset: 3 })).toEqual(['t0'])
    expect(await titles({ orderBy: 'artist_id' })).toEqual(['t1', 't0', 't2', 't3'])
    expect(await titles({ orderBy: 'id', limit: 1, offset: 1 })).toEqual(['t1'])
    expect(await titles({ limit: 0 })).toEqual([])
    expect(await works.findOne({ where: { likes: 1 } })).toMatchObject({ title: 't1' })
    expect(await works.findOne({ where: { likes: 1 }, orderBy: { id: 'desc' } })).toMatchObject({ title: 't3' })
    expect(await works.findAll({ select: ['likes', 'id'], where: { id: 1 } })).toEqual([{ id: 1, likes: 3 }])
  })

  test('an option that is not one is refused, above all a misspelt where', async () => {
    await using db = await openRepositories(WORKS)
    const works = await db.repository('works')

    for (const [call, message] of [
      [() => works.findAll({ wher: {} } as never), /no "wher"\. Did you mean "where"/],
      [() => works.findAll({ title: 'x' } as never), /no "title"/],
      [() => works.findOne({ limit: 1 } as never), /no "limit"/],
      [() => works.findAll({ limit: -1 }), /limit must be a whole number/],
      [() => works.findAll({ limit: 1.5 }), /limit must be/],
      [() => works.findAll({ limit: '5' } as never), /limit must be/],
      [() => works.findAll({ offset: -1 }), /offset must be/],
      [() => works.findAll({ select: [] }), /select must be an array of at least one/],
      [() => works.findAll({ select: ['nope'] }), /no column "nope"/],
      [() => works.findAll({ orderBy: { likes: 'down' } } as never), /orderBy\.likes must be 'asc' or 'desc'/],
      [() => works.findAll({ orderBy: 5 } as never), /orderBy must be a column/],
      [() => works.findAll({ orderBy: { likes: 'asc' }, orderDirection: 'asc' }), /orderDirection needs/],
      [() => works.paginate({ page: 0 }), /page must be a whole number of at least 1/],
      [() => works.paginate({ limit: 1001 }), /limit must be a whole number from 1 to 1000/],
      [() => works.paginate({ page: Number.MAX_SAFE_INTEGER, limit: 1000 }), /page is beyond/],
      [() => works.createMany({} as never), /needs an array of rows/],
      [() => works.createMany([], { batch: 5 } as never), /no "batch"/],
      [() => works.createMany([], { onProgress: 5 } as never), /onProgress must be a function/],
      [() => works.exists(undefined as never), /exists of "works" needs a value for "id"/],
    ] as const) {
      await expect(call()).rejects.toThrow(message)
    }
  })

  test('exists takes a key or a where', async () => {
    await using db = await openRepositories(WORKS, ROLES, `INSERT INTO user_roles VALUES (1, 2, 'x')`)
    const works = await db.repository('works')
    await works.create({ title: 'x' })
    const roles = await db.repository('user_roles')

    expect([
      await works.exists(1),
      await works.exists(2),
      await works.exists({ title: 'x' }),
      await works.exists({}),
    ]).toEqual([true, false, true, true])
    expect(await roles.exists({ user_id: 1, role_id: 2 })).toBe(true)
    expect(await roles.exists({ user_id: 1, role_id: 3 })).toBe(false)
  })

  test('a repository inside a transaction sees and undoes what it did', async () => {
    await using db = await openRepositories(WORKS)
    const works = await db.repository('works')

    const failed = db.engine.transaction(async (tx) => {
      const inside = await db.repository('works', { executor: tx })
      await inside.createMany([{ title: 'a' }, { title: 'b' }])
      expect(await inside.count()).toBe(2)
      throw new Error('undo')
    })

    await expect(failed).rejects.toThrow('undo')
    expect(await works.count()).toBe(0)
  })
})

describe('writing', () => {
  test('update changes what it names and returns the row as it is then', async () => {
    await using db = await openRepositories(WORKS)
    const works = await db.repository('works')
    const created = await works.create({ title: 'a', slug: 'one' })

    expect(await works.update(1, { title: 'b', likes: undefined })).toEqual({ ...created, title: 'b', loud: 'B' })
    expect(await works.update(1, {})).toMatchObject({ title: 'b' })
    expect(await works.update({ ...created, title: 'c' })).toMatchObject({ title: 'c', loud: 'C' })
    expect(await works.update(1, { id: 7 })).toMatchObject({ id: 7, title: 'c' })
    await expect(works.update(7, { loud: 'X' })).rejects.toThrow(/generated column/)
    await expect(works.update(7, { titel: 'X' })).rejects.toMatchObject({ context: { nearest: ['title'] } })
    await expect(works.update({ title: 'x' })).rejects.toThrow(/needs a row with its key/)
    await expect(works.update(7, undefined as never)).rejects.toThrow(/needs an object of columns/)
    await expect(works.update(7, { title: null })).rejects.toMatchObject({ code: 'NOORMME_NOT_NULL' })
  })

  test('a changed key that cascades into its own row is returned as stored', async () => {
    await using db = await openRepositories(
      'CREATE TABLE nodes(id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES nodes(id) ON UPDATE CASCADE)',
      'INSERT INTO nodes VALUES (1, 1)',
    )
    const nodes = await db.repository('nodes')

    const updated = await nodes.update(1, { id: 5 })

    expect(updated).toEqual(await nodes.findById(5))
    expect(updated).toEqual({ id: 5, parent_id: 5 })
  })

  test('tables with triggers show what the triggers left', async () => {
    await using db = await openRepositories(
      'CREATE TABLE posts(id INTEGER PRIMARY KEY, title TEXT, edits INTEGER DEFAULT 0)',
      'CREATE TABLE audit(id INTEGER PRIMARY KEY, what TEXT)',
      `CREATE TRIGGER made AFTER INSERT ON posts BEGIN
        INSERT INTO audit(id, what) VALUES (1000 + new.id, 'made'); UPDATE posts SET title = title || '!' WHERE id = new.id; END`,
      'CREATE TRIGGER changed AFTER UPDATE OF title ON posts WHEN new.edits = old.edits BEGIN UPDATE posts SET edits = edits + 1 WHERE id = new.id; END',
      `CREATE TRIGGER skipped BEFORE INSERT ON posts WHEN new.title = 'skip' BEGIN SELECT RAISE(IGNORE); END`,
    )
    const posts = await db.repository('posts')

    expect(await posts.create({ title: 'a' })).toEqual({ id: 1, title: 'a!', edits: 1 })
    expect(await posts.update(1, { title: 'b' })).toEqual({ id: 1, title: 'b', edits: 2 })
    expect(await posts.update(1, { id: 9, title: 'c' })).toEqual({ id: 9, title: 'c', edits: 3 })
    const { rows } = await posts.createMany([{ title: 'x' }, { id: 20, title: 'y' }], { returning: true })
    expect(rows).toEqual([
      { id: 10, title: 'x!', edits: 1 },
      { id: 20, title: 'y!', edits: 1 },
    ])
    await expect(posts.create({ title: 'skip' })).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
    expect(await posts.createMany([{ title: 'skip' }, { title: 'z' }])).toEqual({ count: 1 })
    expect(await posts.delete(9)).toBe(true)
  })

  test('a keyed table without rowid and with a trigger is read by its key, given or made by a default', async () => {
    await using db = await openRepositories(
      `CREATE TABLE tokens(id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(8)))), uses INTEGER DEFAULT 0) WITHOUT ROWID`,
      'CREATE TRIGGER t AFTER INSERT ON tokens BEGIN UPDATE tokens SET uses = 1 WHERE id = new.id; END',
    )
    const tokens = await db.repository('tokens')

    expect(await tokens.create({ id: 'a' })).toEqual({ id: 'a', uses: 1 })
    expect(await tokens.create({})).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/), uses: 1 })
    expect((await tokens.createMany([{ id: 'b' }, {}], { returning: true })).rows).toMatchObject([
      { id: 'b', uses: 1 },
      { uses: 1 },
    ])
  })

  test('full-text tables and views with triggers can be written', async () => {
    await using db = await openRepositories(
      'CREATE VIRTUAL TABLE notes USING fts5(title, body)',
      'CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT)',
      'CREATE VIEW named AS SELECT name FROM people',
      'CREATE TRIGGER n INSTEAD OF INSERT ON named BEGIN INSERT INTO people(name) VALUES (new.name); END',
    )
    const notes = await db.repository('notes')
    const named = await db.repository('named')

    expect(await notes.create({ title: 'one', body: 'moon' })).toEqual({ title: 'one', body: 'moon' })
    expect(await notes.create({ title: 'two', body: 'sun' })).toEqual({ title: 'two', body: 'sun' })
    expect(await notes.findAll({ where: { notes: 'moon' }, orderBy: 'rank' })).toEqual([{ title: 'one', body: 'moon' }])
    await expect(notes.create({ title: 'x', rank: 1 })).rejects.toThrow(/hidden column/)
    expect(await named.create({ name: 'x' })).toEqual({ name: 'x' })
    expect(await named.createMany([{ name: 'y' }, { name: 'z' }])).toEqual({ count: 2 })
    expect(await named.count()).toBe(3)
  })

  test('a row that the table ignores is an error, not another row', async () => {
    await using db = await openRepositories('CREATE TABLE u(id INTEGER PRIMARY KEY, e TEXT UNIQUE ON CONFLICT IGNORE)')
    const rows = await db.repository('u')
    await rows.createMany([{ e: 'a' }, { e: 'b' }])

    await expect(rows.create({ e: 'a' })).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
    await expect(rows.update(1, { e: 'b' })).rejects.toMatchObject({ code: 'NOORMME_CONSTRAINT' })
    expect(await rows.createMany([{ e: 'a' }, { e: 'c' }], { returning: true })).toMatchObject({
      count: 1,
      rows: [{ e: 'c' }],
    })
  })

  test('create takes defaults for what is left out, undefined or an empty object', async () => {
    await using db = await openRepositories(`CREATE TABLE d(id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x', b TEXT)`)
    const rows = await db.repository('d')

    expect(await rows.create({})).toEqual({ id: 1, a: 'x', b: null })
    expect(await rows.create({ id: null, a: undefined, b: 'y' })).toEqual({ id: 2, a: 'x', b: 'y' })
    expect(await rows.create({ a: null })).toEqual({ id: 3, a: null, b: null })
    await expect(rows.create(null as never)).rejects.toThrow(/needs an object of columns, got null/)
    await expect(rows.create([] as never)).rejects.toThrow(/got an array/)
    await expect(rows.create({ a: 1, A: 2 })).rejects.toThrow(/given twice/)
  })
})
