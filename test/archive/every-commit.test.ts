/**
 * What the archive is for: each commit can be had back. A random life of a database is hashed after every commit and restored to
 * every one of them.
 */
import { expect, test } from 'vitest'
import { type Chance, chance, SOAK } from '../crash/support/seed.ts'
import { type ArchivedEngine, openArchived, restored } from '../support/archived-engine.ts'

const MINUTE = 60_000

/** One commit, or none. */
async function step(draw: Chance, { engine, execute }: ArchivedEngine, count: number): Promise<void> {
  const rows = (n: number) =>
    `(WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < ${n}) SELECT i FROM r)`
  switch (draw.between(0, 13)) {
    case 0:
      await execute(`CREATE TABLE t${count} (a INTEGER PRIMARY KEY, b TEXT, c BLOB)`)
      break
    case 1:
      await execute(`ALTER TABLE works ADD COLUMN extra_${count}`)
      break
    case 2:
      await execute(`CREATE INDEX by_${count} ON works (title)`)
      break
    case 3: {
      const tables = await execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 't[0-9]*'")
      if (tables.length > 0) await execute(`DROP TABLE ${draw.pick(tables).name}`)
      break
    }
    case 4:
      await execute('DELETE FROM works WHERE id % 3 = ?', draw.between(0, 3))
      break
    case 5:
      await execute('UPDATE works SET title = title || ?, picture = NULL WHERE id % 2 = 0', `-${count}`)
      break
    case 6:
      await execute('VACUUM')
      break
    case 7:
      // Larger than a block of the archive, and than half of the log's limit.
      await execute(`INSERT INTO works (title, picture) SELECT 'big', randomblob(3000) FROM ${rows(1200)}`)
      break
    case 8:
      await engine.transaction(async (tx) => {
        await tx.execute({ sql: 'INSERT INTO works (title) VALUES (?)', parameters: ['in a transaction'] })
        await tx.execute({
          sql: `UPDATE works SET picture = randomblob(${draw.between(1, 9000)}) WHERE id % 5 = 0`,
          parameters: [],
        })
      })
      break
    case 9:
      await engine
        .transaction(async (tx) => {
          await tx.execute({ sql: 'DELETE FROM works', parameters: [] })
          throw new Error('undone')
        })
        .catch(() => {})
      break
    case 10:
      await engine.checkpoint(draw.pick(['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'] as const))
      break
    default:
      await execute(
        'INSERT INTO works (title, picture) VALUES (?, randomblob(?))',
        `work ${count}`,
        draw.between(0, 20_000),
      )
  }
}

/** Each draw is a life of its own; the ordinary run has the extremes and what is usual. */
const PAGE_SIZES = SOAK ? [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536] : [512, 4096, 65_536]

test.each(PAGE_SIZES)(
  'pages of %i: restored to every commit the database is what it was',
  async (pageSize) => {
    const draw = chance(`every commit ${pageSize}`)
    const archived = await openArchived({ pageSize })
    await archived.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT, picture BLOB)')
    await archived.execute('CREATE TABLE log (id INTEGER PRIMARY KEY, title TEXT)')
    await archived.execute(
      'CREATE TRIGGER logged AFTER DELETE ON works BEGIN INSERT INTO log (title) VALUES (old.title); END',
    )
    const snapshot = await archived.snapshot()
    const states = new Map([[snapshot.to.commit, (await archived.mark()).state]])

    for (let count = 1; count <= (SOAK ? 400 : 25); count++) {
      const before = archived.archive.stats().commit
      await step(draw, archived, count)
      const { commit, state } = await archived.mark()
      states.set(commit, state)
      // One write at a time is one commit at a time, so each has its state.
      expect(commit, `step ${count}`).toBeLessThanOrEqual(before + 1)
    }
    await archived.archive.mark({ finish: true })
    await archived.uploader.flush()

    expect(archived.ends).toEqual([])
    for (const [commit, state] of states) {
      const found = await restored(archived.store, snapshot, commit)
      expect({ ...found, commit: found.reached.commit }, `commit ${commit}`).toMatchObject({
        state,
        check: 'ok',
        commit,
      })
    }
  },
  SOAK ? 60 * MINUTE : 3 * MINUTE,
)

test(
  'a snapshot that was made beside writes stands somewhere in the stream, and what follows fits to it',
  async () => {
    const draw = chance('beside writes')
    const archived = await openArchived()
    await archived.execute('CREATE TABLE works (id INTEGER PRIMARY KEY, title TEXT, picture BLOB)')
    await archived.execute(
      'INSERT INTO works (title, picture) WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 2000) SELECT i, randomblob(2000) FROM r',
    )
    let writing = true
    const writer = (async () => {
      for (let count = 1; writing; count++) await step(draw, { ...archived, engine: archived.engine }, count)
    })()
    const snapshots = [await archived.snapshot(), await archived.snapshot()]
    writing = false
    await writer
    const last = await archived.mark()
    await archived.archive.mark({ finish: true })
    await archived.uploader.flush()

    for (const snapshot of snapshots) {
      expect(snapshot.to.commit).toBeGreaterThanOrEqual(snapshot.from.commit)
      expect(await restored(archived.store, snapshot, 'newest')).toMatchObject({ state: last.state, check: 'ok' })
    }
  },
  3 * MINUTE,
)
