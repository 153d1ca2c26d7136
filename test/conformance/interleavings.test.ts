/**
 * Two or three things at once, in one order that is forced by gates. Each is drawn first: a column for each of them,
 * time downwards. Orders of abort, time limit and expiry are in the files `call-limits.test.ts` of `src/engine`.
 */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gate, openGatedEngine } from '../support/gated-engine.ts'
import { runProgram } from '../support/run-program.ts'
import { insert, openGatedDatabase } from './support/gated-database.ts'

const COUNT = 'SELECT count(*) AS n FROM t'
/** A row of about one page. */
const PAGE = 'x'.repeat(3500)
/** Frames: a log of 4 MiB is to be restarted at 254 of them, and holds writes at 763. */
const PAST_A_QUARTER = 300

test('a snapshot against a checkpoint that would empty the log under it', async () => {
  // snapshot          | writes    | checkpoints
  // ------------------+-----------+---------------------------------------------
  // reads: 1 row      |           |
  //                   | INSERT    |
  //                   |           | TRUNCATE: partial, it names the snapshot
  // reads: 1 row      |           |
  //                   | INSERT    |
  // reads: 1 row      |           |
  // ends              |           |
  //                   |           | TRUNCATE: complete, the file of the log is empty
  const { db, values } = await openGatedDatabase({ optimization: { busyTimeout: 50 } })
  await db.execute(...insert(1))
  const partial = await db.snapshot(async (snapshot) => {
    const count = async () => (await snapshot.execute(COUNT)).rows
    expect(await count()).toEqual([{ n: 1 }])
    await db.execute(...insert(2))
    const outcome = await db.detached(() => db.checkpoint('TRUNCATE'))
    expect(await count()).toEqual([{ n: 1 }])
    await db.execute(...insert(3))
    expect(await count()).toEqual([{ n: 1 }])
    return outcome
  })

  expect(partial).toMatchObject({ result: 'partial', pinnedBy: [expect.stringMatching(/^reader-\d+ \(snapshot/)] })
  expect(await db.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete' })
  expect(await db.getConnectionStats()).toMatchObject({ walBytes: 0 })
  expect(await values()).toEqual([1, 2, 3])
})

test('a log that reaches the size to be restarted at, against a stream', async () => {
  // stream            | writes                      | log
  // ------------------+-----------------------------+-----------------------------
  // row 1             |                             |
  //                   | none is refused             | past a quarter of its limit
  //                   |                             | not restarted
  // rows 2 to 100,    |                             |
  //   as they were    |                             |
  // ends              |                             |
  //                   | some more                   | restarted
  const { db } = await openGatedDatabase({ optimization: { walLimit: 4 * 2 ** 20, synchronous: 'OFF' } })
  await Promise.all(Array.from({ length: 100 }, (_, v) => db.execute('INSERT INTO t VALUES (?)', [`${v} ${PAGE}`])))
  await db.checkpoint('TRUNCATE')
  const restarts = async () => (await db.getConnectionStats()).log?.checkpoints.restarts ?? 0
  const frames = async () => (await db.getConnectionStats()).log?.frames ?? 0
  const before = await restarts()
  let writes = 0
  const write = () => {
    const parameters = [`new-${++writes} ${PAGE}`, 1 + (writes % 100)]
    return db.execute('UPDATE t SET v = ? WHERE rowid = ?', parameters)
  }
  await write()

  const seen: string[] = []
  for await (const { v } of streamOf(db)) {
    seen.push(v.slice(0, v.indexOf(' ')))
    if (seen.length > 1) continue
    while ((await frames()) < PAST_A_QUARTER) await write()
    expect(await restarts()).toBe(before)
  }

  expect(seen).toEqual(Array.from({ length: 100 }, (_, v) => (v === 1 ? 'new-1' : String(v))))
  // As many as it takes: copying beside the writes goes first, on a thread that may wait for a processor.
  while ((await restarts()) === before) await write()
})

test('a nested transaction against statements of the outer one and writes of others', async () => {
  // transaction       | nested in it       | others
  // ------------------+--------------------+-------------------------
  // INSERT 1          |                    |
  //                   | SAVEPOINT          |
  //                   |                    | INSERT 9: queued
  // INSERT 3: waits   |                    |
  //                   | INSERT 2           |
  //                   | RELEASE            |
  // INSERT 3 runs     |                    |
  // COMMIT            |                    |
  //                   |                    | INSERT 9 runs
  const { db, values } = await openGatedDatabase()
  const nestedOpen = Promise.withResolvers<void>()
  const nestedGate = Promise.withResolvers<void>()
  let other: Promise<unknown> = Promise.resolve()
  await db.transaction(async (tx) => {
    await tx.execute(...insert(1))
    const nested = tx.transaction(async (inner) => {
      nestedOpen.resolve()
      await nestedGate.promise
      await inner.execute(...insert(2))
    })
    await nestedOpen.promise
    other = db.detached(() => db.execute(...insert(9)))
    const outer = tx.execute(...insert(3))
    await expect.poll(async () => (await db.getConnectionStats()).queuedWrites).toBe(1)
    nestedGate.resolve()
    await Promise.all([nested, outer])
  })
  await other
  expect(await values()).toEqual([1, 2, 3, 9])
})

test('an abort against a COMMIT that is on its way: what is committed is told', async () => {
  // transaction                    | thread                | signal
  // -------------------------------+-----------------------+--------
  // INSERT 1, not awaited          | stands at the gate    |
  // callback ends: COMMIT is sent  |                       |
  //                                |                       | aborts
  //                                | INSERT 1, COMMIT      |
  // resolves                       |                       |
  const { db, values, reached, open } = await openGatedDatabase()
  const controller = new AbortController()
  const returned = Promise.withResolvers<void>()
  const outcome = db.transaction(
    async (tx) => {
      // Until BEGIN is answered no COMMIT is sent.
      await tx.execute('SELECT 1')
      void tx.execute("INSERT INTO t SELECT gate('insert')")
      await reached('insert')
      setImmediate(returned.resolve)
      return 'committed'
    },
    { signal: controller.signal },
  )
  await returned.promise
  controller.abort()
  open('insert')
  expect(await outcome).toBe('committed')
  expect(await values()).toEqual([1])
})

test('close() against everything: what was accepted is done, what holds a reader is ended, one file is left', async () => {
  // writer            | queued behind it             | readers                          | close()
  // ------------------+------------------------------+----------------------------------+------------------
  // group: at a gate  |                              |                                  |
  //                   | write, transaction,          | stream and snapshot held,        |
  //                   |   optimize, checkpoint       |   a read at a gate, one queued   |
  //                   |                              |                                  | called
  // goes on           | all done                     |                                  |
  //                   |                              | stream and snapshot: CLOSED      |
  //                   |                              | both reads: answered             |
  //                   |                              |                                  | resolves
  const { db, folder, reached, open } = await openGatedDatabase({
    optimization: { busyTimeout: 50 },
    performance: { readers: 3 },
  })
  for (const v of [1, 2, 3]) await db.execute(...insert(v))
  const stream = streamOf(db)[Symbol.asyncIterator]()
  await stream.next()
  const begun = Promise.withResolvers<void>()
  const snapshot = db.snapshot(async (inside) => {
    await inside.execute(COUNT)
    begun.resolve()
    await new Promise(() => {})
  })
  await begun.promise
  const group = db.execute("INSERT INTO t SELECT gate('group')")
  await reached('group')
  const read = db.execute("SELECT gate('read') AS passed")
  await reached('read')
  const queued = {
    write: db.execute(...insert(4)),
    transaction: db.transaction(async (tx) => (await tx.execute(COUNT)).rows),
    optimize: db.optimize(),
    checkpoint: db.checkpoint('FULL'),
    read: db.execute("SELECT 'queued' AS read"),
  }
  await expect.poll(async () => (await db.getConnectionStats()).queuedWrites).toBe(4)

  const settled = Promise.allSettled([group, read, snapshot, ...Object.values(queued)])
  const closed = db.close()
  await expect(db.execute(...insert(5))).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
  open('group')
  open('read')
  await closed

  const [, , ended, ...done] = await settled
  expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'NOORMME_CLOSED' } })
  expect(done.map(({ status }) => status)).toEqual(Object.keys(queued).map(() => 'fulfilled'))
  expect(await queued.transaction).toEqual([{ n: 5 }])
  expect(await group).toMatchObject({ numAffectedRows: 1n })
  expect(await read).toMatchObject({ rows: [{ passed: 1 }] })
  await expect(stream.next()).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
  expect(readdirSync(folder).filter((name) => name.startsWith('app.db'))).toEqual(['app.db'])
})

test('close() against a snapshot whose callback never returns: without its own end on close it would stay unsettled', async () => {
  // snapshot              | close()
  // ----------------------+----------
  // reads                 |
  // waits for ever        |
  //                       | called
  // is rejected: CLOSED   |
  //                       | resolves
  const { db } = await openGatedDatabase()
  const begun = Promise.withResolvers<void>()
  let settled: unknown = 'pending'
  db.snapshot(async (snapshot) => {
    await snapshot.execute(COUNT)
    begun.resolve()
    await new Promise(() => {})
  }).catch((error: unknown) => {
    settled = error
  })
  await begun.promise
  await db.close()
  await new Promise((resolve) => setImmediate(resolve))
  expect(settled).toMatchObject({ code: 'NOORMME_CLOSED' })
})

test('close() against a migration whose turn has not come: applied, and told so', async () => {
  // migrate                     | writer            | close()
  // ----------------------------+-------------------+----------
  //                             | stands at a gate  |
  // its transaction is queued   |                   |
  //                             |                   | called
  //                             | goes on           |
  // applied, resolves           |                   |
  //                             |                   | resolves
  const { db, migrations, reached, open } = await openGatedDatabase()
  const running = db.execute("INSERT INTO t SELECT gate('insert')")
  await reached('insert')
  const migrated = db.migrate(migrations)
  await expect.poll(async () => (await db.getConnectionStats()).queuedWrites).toBe(1)
  const closed = db.close()
  open('insert')
  expect(await migrated).toMatchObject({ applied: [{ name: '0001_notes.sql' }] })
  await Promise.all([running, closed])
  await db.initialize()
  expect(await db.getRepository('notes').count()).toBe(0)
})

test('calls of a transaction against its end: from a timer and from a promise nobody awaited', async () => {
  // transaction                   | left behind by it
  // ------------------------------+----------------------------------
  // sets a timer                  |
  // starts a chain of promises    |
  // COMMIT                        |
  //                               | both insert: refused, nothing stored
  const { db, values } = await openGatedDatabase()
  const committed = Promise.withResolvers<void>()
  const timer = Promise.withResolvers<unknown>()
  let chain: Promise<unknown> = Promise.resolve()
  await db.transaction(async (tx) => {
    await tx.execute(...insert(1))
    chain = committed.promise.then(() => db.execute(...insert(2)))
    const fire = () => void committed.promise.then(() => timer.resolve(tx.execute(...insert(3))))
    setTimeout(fire, 1)
  })
  committed.resolve()
  for (const late of [chain, timer.promise]) {
    await expect(late).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
  }
  expect(await values()).toEqual([1])
})

test.each(['the statement', 'the expiry'] as const)(
  'the expiry of a snapshot against its next statement, both in one turn, %s first',
  async (first) => {
    // snapshot               | expiry                        | snapshot             | expiry
    // -----------------------+-------------------------------+----------------------+--------------
    // asks                   |                               |                      | ends it
    //                        | finds it running, names it    | asks: EXPIRED        |
    // is answered, goes on   |                               |                      |
    // Where statements can be stopped, expiry need not name it: see `session/interrupts.test.ts`.
    const { engine, reached, open } = await openGatedEngine('wal', { native: false })
    const { expireHeld } = engine as unknown as { expireHeld(olderThanMs: number): Promise<readonly object[]> }
    const expire = () => expireHeld.call(engine, 0)
    const outcome = engine.snapshot(async (snapshot) => {
      await snapshot.execute({ sql: 'SELECT 1' })
      if (first === 'the expiry') {
        const expired = expire()
        const refused = snapshot.execute({ sql: 'SELECT 2' })
        await expect(refused).rejects.toMatchObject({ code: 'NOORMME_READER_EXPIRED' })
        expect(await expired).toEqual([])
        return 'went on'
      }
      const asked = snapshot.execute(gate('a'))
      expect(await expire()).toMatchObject([{ state: 'snapshot', sql: gate('a').sql }])
      await reached('a')
      open('a')
      expect((await asked).rows).toEqual([{ passed: 1 }])
      return 'went on'
    })
    if (first === 'the expiry') await expect(outcome).rejects.toMatchObject({ code: 'NOORMME_READER_EXPIRED' })
    else expect(await outcome).toBe('went on')
  },
)

test('a BEGIN that polls against the commit of another process: it begins behind it and sees it', async () => {
  // this process                | another process
  // ----------------------------+-----------------
  //                             | BEGIN, INSERT 1
  // BEGIN: polls for the lock   |
  // reads outside: 0 rows       |
  //                             | COMMIT
  // has begun, reads: 1 row     |
  // INSERT 2, COMMIT            |
  const { db, folder, path, values } = await openGatedDatabase({ optimization: { busyTimeout: 60_000 } })
  const other = runProgram(
    folder,
    `import BetterSqlite3 from '${import.meta.resolve('better-sqlite3')}'
    const database = new BetterSqlite3(process.argv[2])
    database.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (1)')
    console.log('locked')
    process.stdin.once('data', () => { database.exec('COMMIT'); database.close(); process.exit() })`,
    [path],
  )
  await other.line()
  const increment = db.transaction(async (tx) => {
    const [row] = (await tx.execute<{ n: number }>(COUNT)).rows
    await tx.execute(...insert((row?.n ?? 0) + 1))
  })
  const writer = async () => (await db.getConnectionStats()).connections.find(({ label }) => label === 'writer')?.state
  await expect.poll(writer).toBe('transaction')
  expect((await db.execute(COUNT)).rows).toEqual([{ n: 0 }])

  other.child.stdin?.write('commit\n')
  await increment

  await other.ended
  expect(await values()).toEqual([1, 2])
})

function streamOf(db: Awaited<ReturnType<typeof openGatedDatabase>>['db']): AsyncIterable<{ v: string }> {
  const kysely = db.getKysely().withTables<{ t: { v: string } }>()
  return kysely.selectFrom('t').select('v').stream(1)
}
