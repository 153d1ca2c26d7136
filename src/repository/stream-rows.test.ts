import { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { type OpenRepositories, openRepositories } from '../../test/support/open-repositories.ts'
import { tempDatabase } from '../../test/support/temp-database.ts'
import type { Executor } from '../engine/types.ts'
import type { StreamRowsOptions } from './paging-types.ts'

interface Item {
  readonly id: number
  readonly kind: number
  readonly ok: boolean
}

const COUNT = 1000
const FILL = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${COUNT})`
const TABLE = 'CREATE TABLE t(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, ok BOOLEAN)'
const ROWS = `${FILL} INSERT INTO t SELECT i, i % 3, i % 2 FROM n`
const IDS = Array.from({ length: COUNT }, (_, index) => index + 1)

async function collect(rows: AsyncIterable<object>): Promise<object[]> {
  const all: object[] = []
  for await (const row of rows) all.push(row)
  return all
}
const idsOf = async (rows: AsyncIterable<object>): Promise<number[]> =>
  (await collect(rows)).map((row) => (row as Item).id)

/** The executor, with a list of how rows were read through it. */
function watched({ engine }: OpenRepositories): { readonly executor: Executor; readonly reads: string[] } {
  const reads: string[] = []
  const executor: Executor = {
    ...engine,
    execute(statement, options) {
      reads.push('batch')
      return engine.execute(statement, options)
    },
    stream(statement, options) {
      reads.push('at once')
      return engine.stream(statement, options)
    },
  }
  return { executor, reads }
}

describe('stream', () => {
  test('gives every row once, decoded, in batches, with the options of findAll', async () => {
    await using db = await openRepositories(TABLE, ROWS, 'CREATE INDEX t_kind ON t(kind)')
    const { executor, reads } = watched(db)
    const rows = await db.repository<Item>('t', { executor })

    expect(await idsOf(rows.stream({ batchSize: 100 }))).toEqual(IDS)
    expect(reads).toEqual(Array(11).fill('batch'))
    reads.length = 0
    const some: StreamRowsOptions<Item> = { where: { kind: 1, ok: true }, orderBy: { kind: 'desc' }, limit: 25 }
    expect(await collect(rows.stream({ ...some, batchSize: 10 }))).toEqual(
      IDS.filter((id) => id % 6 === 1)
        .toReversed()
        .slice(0, 25)
        .map((id) => ({ id, kind: 1, ok: true })),
    )
    expect(reads).toEqual(['batch', 'batch', 'batch'])
    expect(await collect(rows.stream({ select: ['ok'], limit: 2 }))).toEqual([{ ok: true }, { ok: false }])
    expect(await collect(rows.stream({ limit: 0 }))).toEqual([])
  })

  test('is one read where no index has the order, and where nothing tells the rows apart', async () => {
    await using db = await openRepositories(
      TABLE,
      ROWS,
      'CREATE VIEW v AS SELECT * FROM t',
      'CREATE TABLE bare AS SELECT * FROM t',
      'CREATE TABLE loose(id INT PRIMARY KEY)',
      `${FILL} INSERT INTO loose SELECT i FROM n`,
      'CREATE INDEX part ON t(kind) WHERE ok',
      'CREATE TABLE mixed(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, ok BOOLEAN)',
      'INSERT INTO mixed SELECT * FROM t',
      'CREATE INDEX mixed_kind ON mixed(kind DESC, ok)',
      // Its key is BINARY and its column NOCASE; of its indexes only the first has the column's own order.
      `CREATE TABLE folded(name TEXT COLLATE NOCASE NOT NULL, tag TEXT COLLATE NOCASE NOT NULL, id INT NOT NULL,
         PRIMARY KEY (name COLLATE BINARY), UNIQUE (id, tag COLLATE BINARY))`,
      `${FILL} INSERT INTO folded SELECT 'n' || i, 't' || i, i FROM n`,
      'CREATE INDEX folded_tag ON folded(tag, name COLLATE BINARY)',
      'CREATE INDEX folded_id ON folded(id, name)',
    )
    const { executor, reads } = watched(db)

    for (const [table, orderBy, how] of [
      ['t', undefined, 'batch'],
      ['t', 'kind', 'at once'],
      ['v', 'id', 'at once'],
      ['bare', 'id', 'at once'],
      ['loose', 'id', 'at once'],
      ['mixed', 'kind', 'at once'],
      ['mixed', ['kind', { ok: 'desc' }, { id: 'desc' }], 'batch'],
      ['mixed', ['kind', { ok: 'desc' }], 'batch'],
      ['mixed', ['kind', 'ok'], 'at once'],
      ['folded', undefined, 'batch'],
      ['folded', 'name', 'at once'],
      ['folded', 'tag', 'at once'],
      ['folded', ['id', 'name'], 'at once'],
      ['folded', ['id', 'tag'], 'at once'],
      ['mixed', [{ kind: 'desc' }, 'ok', 'id'], 'batch'],
      ['mixed', [{ kind: 'desc' }, { column: 'ok', nulls: 'last' }, 'id'], 'at once'],
    ] as const) {
      reads.length = 0
      const rows = await db.repository<Item>(table, { executor })
      const ids = await idsOf(rows.stream({ ...(orderBy && { orderBy: orderBy as never }) }))
      expect(ids.toSorted((a, b) => a - b)).toEqual(IDS)
      expect(reads[0], `${table} ${JSON.stringify(orderBy)}`).toBe(how)
    }
  })

  test('sees each row that is there all along once, while its loop deletes, inserts and changes', async () => {
    await using db = await openRepositories(TABLE, ROWS)
    const rows = await db.repository<Item>('t')
    const seen: number[] = []

    for await (const { id } of rows.stream({ batchSize: 7 })) {
      seen.push(id)
      if (id % 10 === 0 && id <= COUNT) {
        await db.engine.batch([
          { sql: 'DELETE FROM t WHERE id = ?', parameters: [id] },
          { sql: 'UPDATE t SET kind = kind + 1' },
          { sql: 'INSERT INTO t(id, kind) VALUES (?, 0)', parameters: [-id] },
        ])
      }
    }

    expect(seen).toEqual(IDS)
  })

  test('holds nothing between two batches, and nothing after its end, however it ends', async () => {
    await using db = await openRepositories(TABLE, ROWS, 'CREATE VIEW v AS SELECT * FROM t')
    const held = () => db.engine.stats().connections.filter(({ state }) => state === 'stream' || state === 'snapshot')
    const rows = await db.repository<Item>('t')
    const view = await db.repository<Item>('v')

    for await (const _ of rows.stream({ batchSize: 10 })) expect(held()).toEqual([])
    for await (const { id } of view.stream({ batchSize: 10 })) {
      expect(held()).toHaveLength(1)
      if (id === 15) break
    }
    expect(held()).toEqual([])
    await expect(async () => {
      for await (const _ of view.stream()) throw new Error('left')
    }).rejects.toThrow('left')
    expect(held()).toEqual([])
    view.stream()
    expect(held()).toEqual([])
  })

  test('ends at the next row when its signal aborts', async () => {
    await using db = await openRepositories(TABLE, ROWS, 'CREATE VIEW v AS SELECT * FROM t')

    for (const table of ['t', 'v']) {
      const rows = await db.repository<Item>(table)
      const controller = new AbortController()
      const seen: number[] = []
      const reading = async () => {
        for await (const { id } of rows.stream({ signal: controller.signal })) {
          seen.push(id)
          if (id === 3) controller.abort(new Error('enough'))
        }
      }
      await expect(reading()).rejects.toMatchObject({ code: 'NOORMME_ABORTED', cause: { message: 'enough' } })
      expect(seen).toEqual([1, 2, 3])
    }
  })

  test('options are checked when it is iterated', async () => {
    await using db = await openRepositories(TABLE)
    const rows = await db.repository<Item>('t')

    for (const [options, message] of [
      [{ batchSize: 0 }, /batchSize must be a whole number from 1 to 10000/],
      [{ limit: -1 }, /limit must be/],
      [{ ofset: 1 }, /have no "ofset"/],
      [{ offset: 1 }, /have no "offset"/],
      [{ orderBy: 'nope' }, /no column "nope"/],
      [{ where: { id: undefined } }, /where.id is undefined/],
    ] as const) {
      const stream = rows.stream(options as never)
      await expect(stream.next()).rejects.toThrow(message)
    }
  })
})

describe.each([true, false])('with WAL %s, a stream', (enableWALMode) => {
  const open = async (): Promise<NOORMME> => (await openAt()).db
  const openAt = async () => {
    const { db, path } = tempDatabase({ optimization: { enableWALMode } })
    await db.batch([{ sql: TABLE }, { sql: ROWS }])
    await db.refreshSchema()
    return { db, path }
  }

  test('in a snapshot is of one point in time, whatever its loop writes', async () => {
    const db = await open()
    const seen: number[] = []
    const reading = db.snapshot(async (snapshot) => {
      for await (const { id } of snapshot.getRepository<Item>('t').stream({ batchSize: 10 })) {
        seen.push(id)
        // Without WAL a write would wait for the snapshot.
        if (enableWALMode && id % 100 === 0) {
          await db.detached(() => db.execute('DELETE FROM t WHERE id > ?', [id]))
        }
      }
    })

    await reading
    expect(seen).toEqual(IDS)
    await db.close()
  })

  test('in a transaction is part of it, by its own repository and by that of the database', async () => {
    const db = await open()
    await db.transaction(async (tx) => {
      await tx.execute('DELETE FROM t WHERE id > 500')
      expect(await idsOf(tx.getRepository<Item>('t').stream({ batchSize: 100 }))).toEqual(IDS.slice(0, 500))
      expect(await idsOf(db.getRepository<Item>('t').stream({ batchSize: 100 }))).toEqual(IDS.slice(0, 500))
      // What the loop writes ahead of itself is part of the transaction as well.
      const seen: number[] = []
      for await (const { id } of tx.getRepository<Item>('t').stream({ batchSize: 100 })) {
        seen.push(id)
        if (id === 250) await tx.execute('DELETE FROM t WHERE id > 300')
      }
      expect(seen).toEqual(IDS.slice(0, 300))
    })
    await db.close()
  })

  test('of a repository that was asked for before the database was open opens it', async () => {
    const { db, path } = await openAt()
    await db.close()
    const again = new NOORMME({ connection: { database: path }, optimization: { enableWALMode } })
    const rows = again.getRepository<Item>('t')

    expect(await idsOf(rows.stream({ limit: 3 }))).toEqual([1, 2, 3])
    expect(await idsOf(rows.stream({ limit: 2 }))).toEqual([1, 2])
    await again.close()
  })
})
