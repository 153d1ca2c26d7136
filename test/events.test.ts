/** What `db.on()` tells of statements, and what a listener can and cannot do to them. */
import type { ErrorEvent, NOORMME, QueryEvent, SlowQueryEvent } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'
import { gateModule } from './support/gate-module.ts'
import { tempDatabase } from './support/temp-database.ts'

async function withUsers(config: Parameters<typeof tempDatabase>[0] = {}): Promise<NOORMME> {
  const { db } = tempDatabase({ optimization: { synchronous: 'OFF' }, ...config })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE)')
  return db
}

function listen(db: NOORMME): QueryEvent[] {
  const events: QueryEvent[] = []
  db.on('query', (event) => events.push(event))
  return events
}

describe('query', () => {
  test.each([true, false])('is told of every statement, whichever door it came through (WAL: %s)', async (wal) => {
    const db = await withUsers({ optimization: { enableWALMode: wal } })
    const users = db.getRepository('users')
    const events = listen(db)

    await users.create({ name: 'Mira' })
    await users.findById(1)
    await db.execute('SELECT name FROM users WHERE id > ?', [0])
    await db.batch([{ sql: "INSERT INTO users (name) VALUES ('Noor')" }, { sql: 'SELECT 1 AS one' }])
    await db.getKysely().selectFrom('users').selectAll().execute()
    for await (const _ of db.getKysely().selectFrom('users').select('id').stream()) void _
    await db.execute("WITH n(v) AS (SELECT 'Ida') INSERT INTO users (name) SELECT v FROM n")

    const told = events.map(({ sql, kind, rows, changes }) => [
      sql.replace(/\s+/g, ' ').slice(0, 24),
      kind,
      rows,
      changes,
    ])
    expect(told).toEqual([
      ['INSERT INTO "users" ("na', 'write', 1, 1],
      ['SELECT "id", "name" FROM', 'read', 1, 0],
      ['SELECT name FROM users W', 'read', 1, 0],
      ['INSERT INTO users (name)', 'write', 0, 1],
      ['SELECT 1 AS one', 'read', 1, 0],
      ['select * from "users"', 'read', 2, 0],
      ['select "id" from "users"', 'read', 2, 0],
      ["WITH n(v) AS (SELECT 'Id", 'write', 0, 1],
    ])
    for (const { duration, running, waited, connection, error } of events) {
      expect(error).toBeNull()
      expect(running === null).toBe(connection === null)
      if (running !== null && waited !== null) expect(duration).toBeCloseTo(running + waited, 6)
    }
    const inline = wal ? 'inline' : 'writer'
    expect(events.slice(0, 2).map(({ connection }) => connection)).toEqual(['writer', inline])
  })

  test('names no connection for a read that was answered with a kept result', async () => {
    const db = await withUsers({ performance: { enableCaching: true, inlineReadBudget: 0 } })
    const events = listen(db)

    for (const _ of [1, 2]) await db.execute('SELECT count(*) AS users FROM users')

    expect(events[0]).toMatchObject({ connection: 'reader-1', running: expect.any(Number), rows: 1 })
    expect(events[1]).toMatchObject({ connection: null, running: null, waited: null, rows: 1, error: null })
  })

  test('says what it was part of, once, where a call joins a transaction', async () => {
    const db = await withUsers()
    const users = db.getRepository('users')
    const events = listen(db)

    await db.transaction(async (tx) => {
      await tx.execute('SELECT 1')
      await users.findById(1)
      await tx.transaction((inner) => inner.getRepository('users').create({ name: 'Mira' }))
      await db.detached(() => db.execute('SELECT 2'))
    })
    await db
      .getKysely()
      .transaction()
      .execute(async (trx) => {
        await trx.selectFrom('users').selectAll().execute()
        await users.findById(1)
      })
    await db.snapshot(async (snapshot) => {
      await snapshot.execute('SELECT 3')
      await db.execute('SELECT 4')
    })

    const scopes = events.map(({ scope }) => scope)
    expect(scopes).toEqual([
      ...['transaction', 'transaction', 'transaction', null],
      ...['transaction', 'transaction'],
      ...['snapshot', 'snapshot'],
    ])
  })

  test('is told of failures by their code, and never carries a value', async () => {
    const db = await withUsers()
    const users = db.getRepository('users')
    await users.create({ name: 'MARKER' })
    const events = listen(db)

    await expect(users.create({ name: 'MARKER' })).rejects.toThrow()
    await expect(db.execute('SELECT ? FROM nowhere', ['MARKER'])).rejects.toThrow()
    await expect(db.execute('BEGIN')).rejects.toThrow()
    await expect(
      db.batch([{ sql: 'DELETE FROM users WHERE name = ?', parameters: ['MARKER'] }, { sql: 'X' }]),
    ).rejects.toThrow()

    expect(events.map(({ error }) => error)).toEqual([
      'NOORMME_UNIQUE',
      'NOORMME_TABLE_NOT_FOUND',
      'NOORMME_REFUSED',
      'NOORMME_STATEMENT',
      'NOORMME_STATEMENT',
    ])
    expect(JSON.stringify(events)).not.toContain('MARKER')
  })

  test('is not told of what the package does for itself', async () => {
    const db = await withUsers()
    const events = listen(db)

    await db.refreshSchema()
    await db.healthCheck()
    await db.optimize()
    await db.integrityCheck()
    await db.getSQLiteOptimizations()

    expect(events).toEqual([])
  })

  test('ends when its function is called, which may be called again', async () => {
    const db = await withUsers()
    const first: QueryEvent[] = []
    const second: QueryEvent[] = []
    const listener = (event: QueryEvent) => first.push(event)
    const off = db.on('query', listener)
    db.on('query', listener)
    db.on('query', (event) => second.push(event))

    await db.execute('SELECT 1')
    off()
    off()
    await db.execute('SELECT 2')

    expect(first.map(({ sql }) => sql)).toEqual(['SELECT 1', 'SELECT 1', 'SELECT 2'])
    expect(second).toHaveLength(2)
  })

  test('goes on after close() and initialize()', async () => {
    const db = await withUsers()
    const events = listen(db)

    await db.close()
    await db.initialize()
    await db.execute('SELECT 1')

    expect(events).toHaveLength(1)
  })
})

describe('slowQuery', () => {
  const SLOW = { performance: { slowQueryThreshold: 1 } }
  /** Longer than a millisecond on any machine. */
  const LONG = 'WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 200000) SELECT count(*) FROM n'
  const HERE = /events\.test\.ts/

  function listenSlow(db: NOORMME): SlowQueryEvent[] {
    const events: SlowQueryEvent[] = []
    db.on('slowQuery', (event) => events.push(event))
    return events
  }

  test('tells what took long, and where it was called', async () => {
    const db = await withUsers(SLOW)
    const events = listenSlow(db)
    async function report() {
      await db.execute(LONG)
    }

    await report()

    expect(events).toMatchObject([{ sql: LONG, kind: 'read', threshold: 1, connection: 'reader-1', rows: 1 }])
    expect(events[0]?.duration).toBeGreaterThanOrEqual(1)
    expect(events[0]?.running).toBeGreaterThanOrEqual(1)
    expect(events[0]?.origin).toMatch(HERE)
    expect(events[0]?.origin).toMatch(/report/)
  })

  test('finds the caller through every door', async () => {
    const db = await withUsers({ performance: { slowQueryThreshold: 0 } })
    const users = db.getRepository<{ id: number; name: string }>('users')
    const events = listenSlow(db)

    await users.create({ name: 'Mira' })
    await users.findAll({ where: { name: 'Mira' } })
    await users.findByName('Mira')
    await Promise.all([users.findById(1), users.count()])
    await db.batch([{ sql: 'SELECT 1' }])
    await db.getKysely().selectFrom('users').selectAll().executeTakeFirst()
    await db.transaction((tx) => tx.getRepository('users').findById(1))
    await db.snapshot((snapshot) => snapshot.execute('SELECT 1'))

    expect(events).toHaveLength(9)
    for (const { sql, origin } of events) expect(String(origin), sql).toMatch(HERE)
  })

  test('tells waiting from running', async () => {
    const { setup, open, reached } = gateModule()
    onTestFinished(() => open('all'))
    const db = await withUsers({ ...SLOW, setup, automation: { enableAutoOptimization: false } })
    const events = listenSlow(db)

    const first = db.execute("INSERT INTO users (name) SELECT 'Mira' WHERE gate('first') IS NOT NULL")
    await reached('first')
    const second = db.execute("INSERT INTO users (name) VALUES ('Noor')")
    const waited = performance.now()
    while (performance.now() - waited < 5) await new Promise((resolve) => setImmediate(resolve))
    open('first')
    await Promise.all([first, second])

    const [long, queued] = events
    expect(long?.running).toBeGreaterThanOrEqual(5)
    expect(queued?.waited).toBeGreaterThanOrEqual(5)
    expect(queued?.running).toBeLessThan(queued?.waited ?? 0)
  })

  test('is not told of what is faster', async () => {
    const db = await withUsers({ performance: { slowQueryThreshold: 86_400_000 } })
    const events = listenSlow(db)

    await db.execute(LONG)

    expect(events).toEqual([])
  })
})

describe('a listener that fails', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('broken')
      },
    ],
  ])('and %s breaks no statement and no other listener: it is told to error', async (_how, broken) => {
    const db = await withUsers()
    const errors: ErrorEvent[] = []
    db.on('query', broken)
    db.on('error', (event) => errors.push(event))
    const events = listen(db)

    const { rows } = await db.execute('SELECT 1 AS one')

    expect(rows).toEqual([{ one: 1 }])
    expect(events).toHaveLength(1)
    await expect.poll(() => errors).toHaveLength(1)
    expect(errors).toMatchObject([{ source: 'query', error: { message: 'broken' } }])
  })

  test('is a warning of the process where nobody listens to error, or that one fails too', async () => {
    const db = await withUsers()
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => void warnings.push(message)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const off = db.on('query', () => {
      throw new Error('broken')
    })

    await db.execute('SELECT 1')
    db.on('error', () => {
      throw new Error('broken as well')
    })
    await db.execute('SELECT 2')
    off()

    await expect
      .poll(() => warnings.filter((text) => text.includes('listener')))
      .toEqual(["a listener of 'query' failed: broken", "a listener of 'error' failed: broken as well"])
  })

  test('a listener may use the database, and end itself', async () => {
    const db = await withUsers()
    const seen: string[] = []
    const inner: Promise<unknown>[] = []
    const off = db.on('query', ({ sql }) => {
      seen.push(sql)
      off()
      inner.push(db.execute('SELECT 2'))
    })

    await db.execute('SELECT 1')
    await Promise.all(inner)
    await db.execute('SELECT 3')

    expect(seen).toEqual(['SELECT 1'])
  })
})

test.each([
  [['qurey', () => {}], /knows no such event\. Did you mean 'query'\?/],
  [['__proto__', () => {}], /knows no such event/],
  [['query'], /needs a function/],
  [['query', {}], /needs a function/],
])('on(%j) is refused', (given, message) => {
  const { db } = tempDatabase()

  expect(() => Reflect.apply(db.on, db, given)).toThrow(message)
})
