/** Transactions: what they join, what they refuse, and what becomes of them when something goes wrong. */
import { describe, expect, test } from 'vitest'
import { type EngineKind, openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import { createKysely } from '../../kysely/joining-kysely.ts'
import type { Engine, Executor, Statement } from '../types.ts'

const TABLE = 'CREATE TABLE t (id INTEGER PRIMARY KEY, v UNIQUE)'
const insert = (v: number): Statement => ({ sql: 'INSERT INTO t (v) VALUES (?)', parameters: [v] })
const values = async (executor: Executor): Promise<unknown[]> =>
  ((await rowsOf(executor, 'SELECT v FROM t ORDER BY v')) as { v: number }[]).map(({ v }) => v)

const open = async (kind: EngineKind = 'wal', overrides = {}): Promise<Engine> => {
  const { engine } = await openTestEngine(kind, overrides)
  await engine.execute({ sql: TABLE })
  return engine
}

describe.each(['wal', 'delete', 'memory'] as const)('a transaction on %s', (kind) => {
  test('commits when its callback resolves and rolls back when it rejects', async () => {
    const engine = await open(kind)
    expect(await engine.transaction(async (tx) => (await tx.execute(insert(1))).changes)).toBe(1)
    const error = new Error('mine')
    await expect(
      engine.transaction(async (tx) => {
        await tx.execute(insert(2))
        throw error
      }),
    ).rejects.toBe(error)
    expect(await values(engine)).toEqual([1])
  })

  test('of two that overlap, the one that fails takes nothing of the one that succeeded', async () => {
    const engine = await open(kind)
    const gate = Promise.withResolvers<void>()
    const a = engine.transaction(async (tx) => {
      await tx.execute(insert(1))
      await gate.promise
      throw new Error('a fails')
    })
    const b = engine.transaction(async (tx) => void (await tx.execute(insert(2))))
    gate.resolve()
    await expect(a).rejects.toThrow('a fails')
    await b
    expect(await values(engine)).toEqual([2])
  })

  test('50 read-then-write transactions at once lose no update', async () => {
    const engine = await open(kind)
    await engine.execute(insert(0))
    const increment = () =>
      engine.transaction(async (tx) => {
        const [row] = (await rowsOf(tx, 'SELECT v FROM t')) as { v: number }[]
        await tx.execute({ sql: 'UPDATE t SET v = ?', parameters: [(row?.v ?? 0) + 1] })
      })
    await Promise.all(Array.from({ length: 50 }, increment))
    expect(await values(engine)).toEqual([50])
  })

  test('a call on the outer handle in the same async context joins it instead of waiting for itself', async () => {
    const engine = await open(kind)
    await engine
      .transaction(async (tx) => {
        await tx.execute(insert(1))
        await engine.execute(insert(2))
        expect(await values(engine)).toEqual([1, 2])
        await engine.transaction(() => engine.execute(insert(3)))
        await engine.batch([insert(4)])
        throw new Error('undo')
      })
      .catch(() => {})
    expect(await values(engine)).toEqual([])
  })

  test('a nested one is undone alone', async () => {
    const engine = await open(kind)
    await engine.transaction(async (tx) => {
      await tx.execute(insert(1))
      await tx
        .transaction(async (inner) => {
          await inner.execute(insert(2))
          await inner.transaction((innermost) => innermost.execute(insert(3)))
          throw new Error('undo')
        })
        .catch(() => {})
      await tx.transaction((inner) => inner.execute(insert(4)))
    })
    expect(await values(engine)).toEqual([1, 4])
  })

  test('nested ones started together run one after another, and the outer one waits for neither of its own calls', async () => {
    const engine = await open(kind)
    await engine.transaction(async (tx) => {
      const nested = (v: number, fails: boolean) =>
        tx.transaction(async (inner) => {
          await inner.execute(insert(v))
          // The outer object used inside belongs to the innermost scope.
          await tx.execute(insert(v + 100))
          if (fails) throw new Error('undo')
        })
      await Promise.allSettled([nested(1, false), nested(2, true), tx.execute(insert(50)), nested(3, false)])
    })
    expect(await values(engine)).toEqual([1, 3, 50, 101, 103])
  })

  test('after its end its object refuses to run anything, so nothing is committed by itself', async () => {
    const engine = await open(kind)
    let kept: Executor | undefined
    await engine.transaction(async (tx) => {
      kept = tx
    })
    await expect(kept?.execute(insert(1))).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
    expect(await values(engine)).toEqual([])
  })

  test('a call that a callback did not await is refused once the transaction has ended', async () => {
    const engine = await open(kind)
    const gate = Promise.withResolvers<void>()
    let late: Promise<unknown> = Promise.resolve()
    await engine.transaction(async () => {
      late = gate.promise.then(() => engine.execute(insert(1)))
    })
    gate.resolve()
    await expect(late).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
    expect(await values(engine)).toEqual([])
  })

  test('COMMIT queues behind every statement submitted before', async () => {
    const engine = await open(kind)
    const sent: Promise<unknown>[] = []
    await engine.transaction(async (tx) => {
      for (let v = 0; v < 100; v++) sent.push(tx.execute(insert(v)))
    })
    await Promise.all(sent)
    expect(await values(engine)).toHaveLength(100)
  })

  test('when SQLite rolls it back, statements already on their way are not committed by themselves', async () => {
    const engine = await open(kind)
    await engine.execute({
      sql: "CREATE TRIGGER r BEFORE INSERT ON t WHEN NEW.v = 7 BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    })
    let settled: PromiseSettledResult<unknown>[] = []
    const outcome = engine.transaction(async (tx) => {
      settled = await Promise.allSettled([tx.execute(insert(1)), tx.execute(insert(7)), tx.execute(insert(2))])
    })
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(settled[2]).toMatchObject({ reason: { code: 'NOORMME_TRANSACTION_ENDED' } })
    await engine.execute(insert(3))
    expect(await values(engine)).toEqual([3])
  })

  test('a deferred foreign key that fails at COMMIT rolls back and leaves the writer free', async () => {
    const engine = await open(kind)
    await engine.execute({ sql: 'CREATE TABLE c (t_id REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)' })
    await expect(engine.transaction((tx) => tx.execute({ sql: 'INSERT INTO c VALUES (99)' }))).rejects.toMatchObject({
      code: 'NOORMME_FOREIGN_KEY',
    })
    await engine.execute(insert(1))
    expect(await rowsOf(engine, 'SELECT count(*) AS n FROM c')).toEqual([{ n: 0 }])
  })

  test('one that runs out of its time is rolled back, and lets the next one in', async () => {
    const engine = await open(kind)
    const forever = new Promise<never>(() => {})
    const stuck = engine.transaction(
      async (tx) => {
        await tx.execute(insert(1))
        await forever
      },
      { timeout: 30 },
    )
    const waiting = engine.execute(insert(1))
    await expect(stuck).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    await waiting
    expect(await values(engine)).toEqual([1])
  })

  test('one that waits for itself through a lost async context ends by its time limit, not never', async () => {
    const engine = await open(kind)
    const outcome = engine.transaction(() => engine.detached(() => engine.execute(insert(1))), { timeout: 30 })
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
  })

  test('a write inside a snapshot never waits for that snapshot', async () => {
    const engine = await open(kind)
    const outcome = engine.snapshot(() => engine.execute(insert(1)))
    if (kind === 'wal') expect((await outcome).changes).toBe(1)
    else await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
    await engine.execute(insert(2))
  })

  test('calls made while a stream is being read never wait for that stream', async () => {
    const engine = await open(kind)
    await engine.batch([1, 2, 3].map(insert))
    for await (const rows of engine.stream({ sql: 'SELECT id, v FROM t ORDER BY v' }, { blockRows: 1 })) {
      const row = rows[0] as { id: number; v: number }
      await engine.execute({ sql: 'UPDATE t SET v = ? WHERE id = ?', parameters: [row.v + 10, row.id] })
    }
    expect(await values(engine)).toEqual([11, 12, 13])
  })

  test('a snapshot that is held too long without WAL is ended, so that the next call is not stuck behind it', async () => {
    const engine = await open(kind, { transactionTimeoutMs: 30 })
    const gate = Promise.withResolvers<void>()
    const held = engine.snapshot(() => gate.promise)
    const write = engine.execute(insert(1))
    if (kind !== 'wal') await expect(held).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    gate.resolve()
    await write
    if (kind === 'wal') await held
  })

  test('what waits in a nested one settles when the outer one ends by itself', async () => {
    const engine = await open(kind)
    const never = new Promise<never>(() => {})
    let waiting: Promise<unknown> = Promise.resolve()
    let nested: Promise<unknown> = Promise.resolve()
    const outcome = engine.transaction(
      (root) => {
        nested = root.transaction(async (inner) => {
          const innermost = inner.transaction(() => never)
          const begun = inner.execute(insert(1))
          waiting = Promise.allSettled([begun, innermost])
          await never
        })
        return nested
      },
      { timeout: 400 },
    )
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    await expect(nested).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    expect(await waiting).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    await engine.execute(insert(2))
  })

  test.each([0, -1, 2 ** 31, Number.POSITIVE_INFINITY, Number.NaN, 5000n, '5'])(
    'a time limit of %s is refused before anything is held',
    async (timeout) => {
      const engine = await open(kind)
      const begin = engine.transaction(async () => 1, { timeout: timeout as number })
      await expect(begin).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
      await engine.transaction(async (tx) => {
        const nested = tx.transaction(async () => 1, { timeout: timeout as number })
        await expect(nested).rejects.toMatchObject({ code: 'NOORMME_VALIDATION' })
        await tx.execute(insert(1))
      })
    },
  )

  test('close() inside it is refused at once', async () => {
    const engine = await open(kind)
    await engine.transaction(async (tx) => {
      await expect(engine.close()).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
      await tx.execute(insert(1))
    })
    expect(await values(engine)).toEqual([1])
  })

  test('a transaction inside a snapshot never waits for that snapshot', async () => {
    const engine = await open(kind)
    const outcome = engine.snapshot(() => engine.transaction((tx) => tx.execute(insert(1))))
    if (kind === 'wal') expect((await outcome).changes).toBe(1)
    else await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION' })
  })

  test('the outer object still works for a call whose context began in a nested one that has ended', async () => {
    const engine = await open(kind)
    await engine.transaction(async (tx) => {
      let later: () => Promise<unknown> = async () => null
      const gate = Promise.withResolvers<void>()
      await tx.transaction(async () => {
        const resumed = gate.promise.then(() => tx.execute(insert(1)))
        later = () => resumed
      })
      gate.resolve()
      await later()
    })
    expect(await values(engine)).toEqual([1])
  })

  test('close() lets one that is under way finish, and refuses the next', async () => {
    const engine = await open(kind)
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const running = engine.transaction(async (tx) => {
      begun.resolve()
      await gate.promise
      return (await tx.execute(insert(1))).changes
    })
    await begun.promise
    const closed = engine.close()
    await expect(engine.transaction(async () => 1)).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
    gate.resolve()
    expect(await running).toBe(1)
    await closed
  })

  test('statements that act on the connection are refused inside it as well', async () => {
    const engine = await open(kind)
    await engine.transaction(async (tx) => {
      for (const sql of ['COMMIT', 'ROLLBACK', 'BEGIN', 'SAVEPOINT a', 'PRAGMA foreign_keys = 0', 'VACUUM']) {
        await expect(tx.execute({ sql })).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
      }
      await tx.execute(insert(1))
      expect(await rowsOf(tx, 'SELECT changes() AS n, last_insert_rowid() AS id')).toEqual([{ n: 1, id: 1 }])
    })
  })

  test('a script stops at the statement that fails and says where it is', async () => {
    const engine = await open(kind)
    const script =
      'INSERT INTO t (v) VALUES (1);\nCREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END;\nINSERT INTO nope VALUES (1);'
    await engine.transaction(async (tx) => {
      const { statements, failure } = await tx.script(script)
      expect(statements).toBe(2)
      expect(failure).toMatchObject({
        offset: script.indexOf('INSERT INTO nope'),
        error: { code: 'NOORMME_TABLE_NOT_FOUND' },
      })
    })
    expect(await values(engine)).toEqual([1])
  })
})

describe('a transaction of Kysely', () => {
  const withKysely = async () => {
    const engine = await open()
    const kysely = createKysely<{ t: { id: number; v: number } }>(engine, (scope, fn) => engine.within(scope, fn))
    return { engine, kysely }
  }

  test('is joined by other calls made inside its callback', async () => {
    const { engine, kysely } = await withKysely()
    await kysely
      .withTables<Record<string, never>>()
      .transaction()
      .setIsolationLevel('serializable')
      .execute(async (trx) => {
        await trx.insertInto('t').values({ id: 1, v: 1 }).execute()
        await engine.execute(insert(2))
        throw new Error('undo')
      })
      .catch(() => {})
    expect(await values(engine)).toEqual([])
  })

  test('leaves the writer free when its callback fails, and when it is controlled by hand', async () => {
    const { engine, kysely } = await withKysely()
    await expect(kysely.transaction().execute(async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    const controlled = await kysely.startTransaction().execute()
    await controlled.insertInto('t').values({ id: 1, v: 1 }).execute()
    const saved = await controlled.savepoint('a').execute()
    await saved.insertInto('t').values({ id: 2, v: 2 }).execute()
    await saved.rollbackToSavepoint('a').execute()
    await controlled.commit().execute()
    expect(await values(engine)).toEqual([1])
  })

  test('nests as a savepoint when it is begun inside one of ours', async () => {
    const { engine, kysely } = await withKysely()
    await engine.transaction(async (tx) => {
      await tx.execute(insert(1))
      await kysely
        .transaction()
        .execute(async (trx) => {
          await trx.insertInto('t').values({ id: 9, v: 9 }).execute()
          throw new Error('undo')
        })
        .catch(() => {})
    })
    expect(await values(engine)).toEqual([1])
  })

  test('that began before close() is joined by calls in its callback', async () => {
    const { engine, kysely } = await withKysely()
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const outcome = kysely.transaction().execute(async (trx) => {
      begun.resolve()
      await gate.promise
      await trx.insertInto('t').values({ id: 1, v: 1 }).execute()
      return engine.execute(insert(2))
    })
    await begun.promise
    const closed = engine.close()
    gate.resolve()
    expect((await outcome).changes).toBe(1)
    await closed
  })

  test('on a connection of its own is joined as well', async () => {
    const { engine, kysely } = await withKysely()
    await kysely.connection().execute((connection) =>
      connection.transaction().execute(async (trx) => {
        await trx.insertInto('t').values({ id: 1, v: 1 }).execute()
        await engine.execute(insert(2))
      }),
    )
    expect(await values(engine)).toEqual([1, 2])
  })

  test('whose callback never returns rejects at its time limit', async () => {
    const engine = await open('wal', { transactionTimeoutMs: 40 })
    const kysely = createKysely<{ t: { id: number; v: number } }>(engine, (scope, fn) => engine.within(scope, fn))
    const stuck = kysely.transaction().execute(() => new Promise(() => {}))
    await expect(stuck).rejects.toMatchObject({ code: 'NOORMME_TIMEOUT' })
    await engine.execute(insert(1))
  })

  test('that asks to be read only is refused, because it would not be', async () => {
    const { kysely } = await withKysely()
    const outcome = kysely
      .transaction()
      .setAccessMode('read only')
      .execute(async () => 1)
    await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_REFUSED' })
  })

  test('streams rows and releases its reader when left early', async () => {
    const { engine, kysely } = await withKysely()
    await engine.batch([1, 2, 3].map(insert))
    for (let round = 0; round < 10; round++) {
      for await (const row of kysely.selectFrom('t').selectAll().orderBy('v').stream(1)) {
        expect(row.v).toBe(1)
        break
      }
    }
  })
})
