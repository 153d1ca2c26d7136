/** Streams of Kysely, and that no statement stays behind: what a leftover one would forbid works afterwards. */
import { type Kysely, sql } from 'kysely'
import type { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import { tempDatabase } from '../../test/support/temp-database.ts'

interface Database {
  t: { id: number; v: number }
}

const ROWS = 1000
const CHUNK = 100

interface Opened {
  readonly db: NOORMME<Database>
  readonly path: string
}

async function open(enableWALMode = true): Promise<Opened> {
  const { db, path } = tempDatabase({ optimization: { enableWALMode } })
  await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER NOT NULL)')
  await db.execute(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO t SELECT i, i FROM n`,
  )
  return { db: db as unknown as NOORMME<Database>, path }
}

const stream = (kysely: Kysely<Database>) => kysely.selectFrom('t').select(['id', 'v']).orderBy('id').stream(CHUNK)

/** Each of these fails, or does not finish, while a statement still reads the table. */
async function assertNothingPinned({ db, path }: Opened): Promise<void> {
  const other = await openConnection({ path })
  const [busy, left] = other.pragmaRow('wal_checkpoint(TRUNCATE)') ?? []
  expect({ busy, left }).toEqual({ busy: 0, left: 0 })
  await db.execute('VACUUM')
  await db.execute('DROP TABLE t')
}

describe.each([true, false])('with WAL %s, a stream', (wal) => {
  test('outside of a transaction, in one and in a snapshot gives every row once', async () => {
    const { db } = await open(wal)
    const ids = async (kysely: Kysely<Database>): Promise<number[]> => {
      const seen: number[] = []
      for await (const { id } of stream(kysely)) seen.push(id)
      return seen
    }
    const all = Array.from({ length: ROWS }, (_, index) => index + 1)
    expect(await ids(db.getKysely())).toEqual(all)
    expect(await db.transaction((tx) => ids(tx.getKysely()))).toEqual(all)
    expect(await db.snapshot((snapshot) => ids(snapshot.getKysely()))).toEqual(all)
    expect(await db.getKysely().transaction().execute(ids)).toEqual(all)
  })

  test('inside a transaction gives the rows as they were at its start, whatever its loop writes to that table', async () => {
    const { db } = await open(wal)
    const seen: number[] = []
    await db.transaction(async (tx) => {
      const kysely = tx.getKysely()
      await kysely.updateTable('t').set({ v: 7 }).where('id', '=', 1).execute()
      for await (const { id, v } of stream(kysely)) {
        seen.push(v)
        await kysely.updateTable('t').set({ v: -1 }).where('id', '>', id).execute()
        if (id % 100 === 0)
          await kysely
            .deleteFrom('t')
            .where('id', '=', id + 1)
            .execute()
        await kysely
          .insertInto('t')
          .values({ id: ROWS + id, v: 0 })
          .execute()
      }
    })
    expect(seen).toEqual([7, ...Array.from({ length: ROWS - 1 }, (_, index) => index + 2)])
  })

  test('outside of a transaction is not disturbed by what its loop writes', async () => {
    const { db } = await open(wal)
    const kysely = db.getKysely()
    let seen = 0
    for await (const { id, v } of stream(kysely)) {
      expect(v).toBe(id)
      seen++
      if (id % CHUNK === 1) await kysely.updateTable('t').set({ v: -1 }).where('id', '>', id).execute()
    }
    expect(seen).toBe(ROWS)
  })
})

const LEAVING: Readonly<Record<string, (kysely: Kysely<Database>) => Promise<unknown>>> = {
  'a query that fails when it is prepared': (kysely) => sql`SELECT nothing FROM t`.execute(kysely),
  'a query whose value cannot be bound': (kysely) => sql`SELECT * FROM t WHERE v = ${Symbol('no')}`.execute(kysely),
  'a query that fails while it runs': (kysely) =>
    sql`SELECT id, CASE WHEN id > 500 THEN abs(-9223372036854775807 - 1) END FROM t`.execute(kysely),
  'a write that fails half way': (kysely) => sql`UPDATE t SET id = 1 WHERE id > 500`.execute(kysely),
  'a stream that fails while it runs': async (kysely) => {
    const query = kysely.selectFrom('t').select(sql`CASE WHEN id > 500 THEN abs(-9223372036854775807 - 1) END`.as('x'))
    for await (const _ of query.stream(CHUNK));
  },
  'a stream left by throw': async (kysely) => {
    for await (const _ of stream(kysely)) throw new Error('left')
  },
}

const LEFT_QUIETLY: Readonly<Record<string, (kysely: Kysely<Database>) => Promise<unknown>>> = {
  'a stream left by break': async (kysely) => {
    for await (const _ of stream(kysely)) break
  },
  'a stream left by return': async (kysely) => {
    for await (const row of stream(kysely)) return row
    return null
  },
  'a stream that was made and never read': async (kysely) => void stream(kysely),
}

describe('nothing stays open after', () => {
  const all = [...Object.entries(LEAVING), ...Object.entries(LEFT_QUIETLY)]
  const cases = all.map(([name, leave]) => ({ name, leave, fails: Object.hasOwn(LEAVING, name) }))

  test.each(cases)('$name', async ({ leave, fails }) => {
    const opened = await open()
    const { db } = opened
    const outcome = async (work: Promise<unknown>) => expect((await Promise.allSettled([work]))[0]?.status)
    const expected = fails ? 'rejected' : 'fulfilled'

    ;(await outcome(leave(db.getKysely()))).toBe(expected)
    ;(await outcome(db.transaction((tx) => leave(tx.getKysely())))).toBe(expected)
    ;(await outcome(db.snapshot((snapshot) => leave(snapshot.getKysely())))).toBe(expected)

    await assertNothingPinned(opened)
  })

  test('an aborted query and an aborted stream', async () => {
    const opened = await open()
    const { db } = opened
    const aborter = new AbortController()
    const query = db.getKysely().selectFrom('t').selectAll()
    const reading = query.execute({ signal: aborter.signal })
    aborter.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')

    const second = new AbortController()
    const read = async () => {
      for await (const _ of query.stream({ chunkSize: CHUNK, signal: second.signal })) second.abort(new Error('enough'))
    }
    await expect(read()).rejects.toThrow('enough')

    await assertNothingPinned(opened)
  })
})
