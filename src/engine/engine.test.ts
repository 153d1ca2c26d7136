/**
 * What every engine does, whatever it runs on: one suite, three databases. Without WAL reads queue with writes, which
 * must not be visible in any answer.
 */
import { describe, expect, test } from 'vitest'
import { type EngineKind, openTestEngine, rowsOf } from '../../test/support/open-engine.ts'
import type { Engine, Executor } from './types.ts'

const KINDS: readonly EngineKind[] = ['wal', 'delete', 'memory']

describe.each(KINDS)('an engine on %s', (kind) => {
  const open = async (sql: string): Promise<Engine> => {
    const { engine } = await openTestEngine(kind)
    await engine.transaction((tx) => tx.script(sql))
    return engine
  }

  test('a read begun after an awaited write sees it', async () => {
    const engine = await open('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
    for (let v = 1; v <= 200; v++) {
      await engine.execute({ sql: 'INSERT INTO t (v) VALUES (?)', parameters: [v] })
      expect(await rowsOf(engine, 'SELECT v FROM t WHERE id = ?', v)).toEqual([{ v }])
    }
  })

  test('each of many concurrent writes gets its own changes, rowid and RETURNING rows', async () => {
    const engine = await open('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
    const writes = await Promise.all(
      Array.from({ length: 1000 }, (_, v) =>
        engine.execute({ sql: 'INSERT INTO t (v) VALUES (?) RETURNING id, v', parameters: [v] }),
      ),
    )
    for (const [v, { rows, changes, lastInsertRowid }] of writes.entries()) {
      expect(rows).toEqual([{ id: lastInsertRowid, v }])
      expect(changes).toBe(1)
    }
    expect(new Set(writes.map(({ lastInsertRowid }) => lastInsertRowid)).size).toBe(1000)
  })

  test('a failing write rejects alone; its neighbours in the same commit stand', async () => {
    const engine = await open('CREATE TABLE t (id INTEGER PRIMARY KEY, v UNIQUE)')
    const values = [1, 2, 2, 3, 3, 4]
    const settled = await Promise.allSettled(
      values.map((v) => engine.execute({ sql: 'INSERT INTO t (v) VALUES (?)', parameters: [v] })),
    )
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await rowsOf(engine, 'SELECT v FROM t ORDER BY v')).toEqual([{ v: 1 }, { v: 2 }, { v: 3 }, { v: 4 }])
  })

  test('a write at which SQLite rolls everything back takes none of its 255 neighbours with it', async () => {
    const engine = await open(`
      CREATE TABLE t (id INTEGER PRIMARY KEY, v);
      CREATE TRIGGER no_seven BEFORE INSERT ON t WHEN NEW.v = 7 BEGIN SELECT RAISE(ROLLBACK, 'no sevens'); END;`)
    const settled = await Promise.allSettled(
      Array.from({ length: 256 }, (_, v) => engine.execute({ sql: 'INSERT INTO t (v) VALUES (?)', parameters: [v] })),
    )
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(settled[7]).toMatchObject({ status: 'rejected', reason: { code: 'NOORMME_CONSTRAINT' } })
    const stored = (await rowsOf(engine, 'SELECT id, v FROM t ORDER BY v')) as { id: number; v: number }[]
    const told = settled.flatMap((result, v) =>
      result.status === 'fulfilled' ? [{ id: result.value.lastInsertRowid, v }] : [],
    )
    expect(stored).toEqual(told)
  })

  test('a deferred foreign key that fails at COMMIT is blamed on its own write', async () => {
    const engine = await open(`
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO parent VALUES (1);`)
    const settled = await Promise.allSettled(
      [1, 99, 1].map((id) => engine.execute({ sql: 'INSERT INTO child (parent_id) VALUES (?)', parameters: [id] })),
    )
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(settled[1]).toMatchObject({ reason: { code: 'NOORMME_FOREIGN_KEY' } })
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM child')).toEqual([{ n: 2 }])
  })

  test('a batch is all or nothing, beside neighbours that stand', async () => {
    const engine = await open('CREATE TABLE t (id INTEGER PRIMARY KEY, v UNIQUE)')
    const insert = (v: number) => ({ sql: 'INSERT INTO t (v) VALUES (?)', parameters: [v] })
    const settled = await Promise.allSettled([
      engine.execute(insert(1)),
      engine.batch([insert(2), insert(1)]),
      engine.batch([insert(3), { sql: 'SELECT last_insert_rowid() AS id' }]),
    ])
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(settled[2]).toMatchObject({ value: [{ changes: 1 }, { rows: [{ id: 2 }] }] })
    expect(await rowsOf(engine, 'SELECT v FROM t ORDER BY v')).toEqual([{ v: 1 }, { v: 3 }])
  })

  test('VACUUM runs by itself among writes', async () => {
    const engine = await open('CREATE TABLE t (v)')
    const insert = () => engine.execute({ sql: 'INSERT INTO t VALUES (1)' })
    await Promise.all([insert(), engine.execute({ sql: 'VACUUM' }), insert()])
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 2 }])
  })

  test('an integer beyond 2^53 and a BLOB come back exactly, from every path', async () => {
    const engine = await open('CREATE TABLE t (id INTEGER PRIMARY KEY, n, b)')
    const n = 2n ** 63n - 1n
    const b = new Uint8Array([0, 1, 255])
    const select = 'SELECT n, b FROM t'
    const { rows } = await engine.execute({
      sql: 'INSERT INTO t (n, b) VALUES (?, ?) RETURNING n, b',
      parameters: [n, b],
    })
    expect(rows).toEqual([{ n, b }])
    expect(await rowsOf(engine, select)).toEqual([{ n, b }])
    expect((await engine.execute({ sql: `${select} WHERE id = ?`, parameters: [1] }, { point: true })).rows).toEqual([
      { n, b },
    ])
    expect(await engine.transaction((tx) => rowsOf(tx, select))).toEqual([{ n, b }])
    expect(await engine.snapshot((snapshot) => rowsOf(snapshot, select))).toEqual([{ n, b }])
    for await (const block of engine.stream({ sql: select })) expect(block).toEqual([{ n, b }])
  })

  test('WITH … INSERT is run as a write although it begins like a read', async () => {
    const engine = await open('CREATE TABLE t (v)')
    const sql =
      'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 10) INSERT INTO t SELECT v FROM n'
    expect(await engine.execute({ sql })).toMatchObject({ changes: 10 })
  })

  test('a stream gives every row in order, in blocks, and releases its connection when it is left early', async () => {
    const engine = await open("CREATE TABLE t (v); INSERT INTO t SELECT value FROM json_each('[0,1,2,3,4,5,6,7,8,9]')")
    const blocks: unknown[][] = []
    for await (const rows of engine.stream({ sql: 'SELECT v FROM t ORDER BY v' }, { blockRows: 4 })) blocks.push(rows)
    expect(blocks.map((rows) => rows.length)).toEqual([4, 4, 2])
    for (let round = 0; round < 10; round++) {
      for await (const _ of engine.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1 })) break
    }
    await engine.execute({ sql: 'DROP TABLE t' })
  })

  test('a snapshot sees one point in time', async () => {
    const engine = await open('CREATE TABLE t (v)')
    await engine.snapshot(async (snapshot) => {
      expect(await rowsOf(snapshot, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }])
      if (kind === 'wal') await engine.detached(() => engine.execute({ sql: 'INSERT INTO t VALUES (1)' }))
      expect(await rowsOf(snapshot, 'SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }])
    })
  })

  test('more writes than the queue may hold are refused, and those accepted are done', async () => {
    const { engine } = await openTestEngine(kind, { maxQueuedWrites: 5 })
    await engine.execute({ sql: 'CREATE TABLE t (v)' })
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, () => engine.execute({ sql: 'INSERT INTO t VALUES (1)' })),
    )
    const refused = settled.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'NOORMME_QUEUE_FULL', retryable: true })
    const accepted = settled.length - refused.length
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n: accepted }])
  })

  test('every promise handed out before close() settles, and later calls are refused by name', async () => {
    const engine = await open('CREATE TABLE t (v)')
    const early = Array.from({ length: 500 }, (_, v) =>
      engine.execute({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] }),
    )
    const reads = Array.from({ length: 20 }, () => engine.execute({ sql: 'SELECT count(*) FROM t' }))
    const closed = engine.close()
    await expect(engine.execute({ sql: 'SELECT 1' })).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    await expect(engine.batch([])).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    await expect(engine.transaction(async () => 1)).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    await expect(engine.snapshot(async () => 1)).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    const settled = await Promise.allSettled([...early, ...reads])
    await closed
    expect(settled.slice(0, 500).every(({ status }) => status === 'fulfilled')).toBe(true)
  })
})

test('close() ends a snapshot that is under way, with the name of the reason', async () => {
  const { engine } = await openTestEngine()
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const held = engine.snapshot(async (snapshot) => {
    begun.resolve()
    await gate.promise
    return rowsOf(snapshot, 'SELECT 1')
  })
  const refused = expect(held).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
  await begun.promise
  await engine.close()
  gate.resolve()
  await refused
})

test('close() answers every read it has accepted, those that wait for a turn of the event loop too', async () => {
  const { engine } = await openTestEngine()
  await engine.transaction((tx) => tx.script('CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)'))
  const point = { sql: 'SELECT id FROM t WHERE id = ?', parameters: [1] }
  const reads = Array.from({ length: 3000 }, () => engine.execute(point, { point: true }))
  const closed = engine.close()
  for (const { rows } of await Promise.all(reads)) expect(rows).toEqual([{ id: 1 }])
  await closed
})

test('a stream left open in a snapshot keeps no reader in the past', async () => {
  const { engine } = await openTestEngine('wal', { inlineReadBudgetMs: 0, readers: 2 })
  await engine.transaction((tx) => tx.script('CREATE TABLE t (v); INSERT INTO t VALUES (1), (2), (3)'))
  let left: AsyncIterator<unknown> | undefined
  await engine.snapshot(async (snapshot) => {
    left = snapshot.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1 })[Symbol.asyncIterator]()
    await left.next()
  })
  for (let n = 4; n < 8; n++) {
    await engine.execute({ sql: 'INSERT INTO t VALUES (9)' })
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM t')).toEqual([{ n }])
  }
  await expect(left?.next()).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
})

test('a value changed after the call is stored as it was at the call', async () => {
  const { engine } = await openTestEngine()
  await engine.execute({ sql: 'CREATE TABLE t (v)' })
  const bytes = new Uint8Array([1, 1, 1])
  const write = engine.execute({ sql: 'INSERT INTO t VALUES (?)', parameters: [bytes] })
  bytes.fill(9)
  await write
  expect(await rowsOf(engine, 'SELECT hex(v) AS v FROM t')).toEqual([{ v: '010101' }])
})

test('a detached buffer is refused alone', async () => {
  const { engine } = await openTestEngine()
  await engine.execute({ sql: 'CREATE TABLE t (v)' })
  const detached = new Uint8Array(8)
  structuredClone(detached.buffer, { transfer: [detached.buffer] })
  const insert = (v: unknown) => engine.execute({ sql: 'INSERT INTO t VALUES (?)', parameters: [v] })
  const settled = await Promise.allSettled([insert(1), insert(detached), insert(2)])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(settled[1]).toMatchObject({ reason: { code: 'NOORMME_VALIDATION' } })
})

test.each([0, -1, 1.5, Number.NaN])('a block of %d rows is refused, everywhere', async (blockRows) => {
  const { engine } = await openTestEngine()
  const read = async (executor: Executor): Promise<void> => {
    for await (const _ of executor.stream({ sql: 'SELECT 1' }, { blockRows }));
  }
  const refused = { code: 'NOORMME_VALIDATION' }
  await expect(read(engine)).rejects.toMatchObject(refused)
  await expect(engine.transaction(read)).rejects.toMatchObject(refused)
  await expect(engine.snapshot(read)).rejects.toMatchObject(refused)
})

test('changes() and last_insert_rowid() are refused where they mean nothing', async () => {
  const { engine } = await openTestEngine()
  const ask = (executor: Executor) => rowsOf(executor, 'SELECT changes() AS n')
  await expect(ask(engine)).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
  await expect(engine.snapshot(ask)).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
  expect(await engine.transaction(ask)).toEqual([{ n: 0 }])
})

test('close() ends a stream that nobody reads on', async () => {
  const { engine } = await openTestEngine()
  await engine.transaction((tx) => tx.script('CREATE TABLE t (v); INSERT INTO t VALUES (1), (2), (3)'))
  const stream = engine.stream({ sql: 'SELECT v FROM t' }, { blockRows: 1 })[Symbol.asyncIterator]()
  expect(await stream.next()).toMatchObject({ value: [{ v: 1 }] })
  await engine.close()
  await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
})
