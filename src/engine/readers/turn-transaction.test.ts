/** Inline reads that share the read transaction of a turn: never older than one of their own, and gone with the turn. */
import { execFileSync } from 'node:child_process'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hasNative } from '../../../test/support/native.ts'
import { openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import type { EngineOptions } from '../engine-options.ts'

const DRIVER = fileURLToPath(import.meta.resolve('better-sqlite3'))
const ADD_ONE = 'UPDATE t SET n = n + 1'
/** Large enough that a busy machine never ends a turn early. */
const ROOMY = { inlineReadBudgetMs: 50, native: true }

/** An engine on a table of one number, with a second connection that is none of its. */
async function open(native: boolean, overrides: Partial<EngineOptions> = {}) {
  const { engine, path } = await openTestEngine('wal', { ...ROOMY, native, ...overrides })
  await engine.execute({ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)' })
  await engine.execute({ sql: 'INSERT INTO t VALUES (1, 0)' })
  const other = new BetterSqlite3(path, { timeout: 0 })
  onTestFinished(() => void other.close())
  const read = async (): Promise<unknown> => {
    const point = { sql: 'SELECT n FROM t WHERE id = +?', parameters: [1] }
    const { rows, connection } = await engine.execute(point, { point: true })
    expect(connection).toBe('inline')
    return rows[0]?.n
  }
  const readers = () => (other.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }])[0].busy
  return { engine, path, other, read, readers }
}

describe.skipIf(!hasNative)('with the extension', () => {
  test('two reads in a turn hold nothing', async () => {
    const { other, read, readers } = await open(true)
    other.exec(ADD_ONE)
    await nextTurn()
    await read()
    await read()
    expect(readers()).toBe(0)
  })

  test('three hold the log for as long as the turn lasts', async () => {
    const { other, read, readers } = await open(true)
    // On a busy machine a turn may be over before its third read.
    const held = async () => {
      await nextTurn()
      await read()
      await read()
      other.exec(ADD_ONE)
      await read()
      return readers() === 1
    }
    for (let attempt = 0; !(await held()); attempt++) expect(attempt).toBeLessThan(100)
    await nextTurn()
    expect(readers()).toBe(0)
  })

  test('a read that fails lets go of it', async () => {
    const { engine, other, read, readers } = await open(true)
    await nextTurn()
    await read()
    await read()
    other.exec(ADD_ONE)
    await read()
    const failing = { sql: "SELECT json('no JSON'), n FROM t WHERE id = +?", parameters: [1] }
    await expect(engine.execute(failing, { point: true })).rejects.toMatchObject({ code: 'NOORMME_STATEMENT' })
    expect(readers()).toBe(0)
  })

  test('what the engine asks of the log does not meet it', async () => {
    const { engine, other, read } = await open(true)
    await nextTurn()
    await read()
    await read()
    other.exec(ADD_ONE)
    await read()
    const before = engine.stats().log?.frames ?? 0
    other.exec(ADD_ONE)
    expect(engine.stats().log?.frames).toBeGreaterThan(before)
  })

  test('what is looked up among kept results does not meet it', async () => {
    const { engine, other, read } = await open(true, { cache: { maxEntries: 10, maxBytes: 10_000 } })
    const slow = `WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 20000)
      SELECT count(*) AS rows, (SELECT n FROM t) AS n FROM c`
    for (let n = 0; n < 10; n++) {
      await rowsOf(engine, slow)
      const seen = [await read(), await read(), await read()]
      other.exec(ADD_ONE)
      expect([...seen, await rowsOf(engine, slow)]).toEqual([n, n, n, [{ rows: 20_000, n: n + 1 }]])
    }
  })
})

describe.each([{ native: true }, { native: false }])('with the extension: $native', ({ native }) => {
  const able = !native || hasNative

  test.skipIf(!able)('reads of one turn see what others commit between them', async () => {
    const { other, read } = await open(native)
    for (let n = 0; n < 50; n++) {
      expect([await read(), await read(), await read(), await read()]).toEqual([n, n, n, n])
      other.exec(ADD_ONE)
    }
  })

  test.skipIf(!able)('and what another process commits, which only shares memory', async () => {
    const { path, read } = await open(native)
    const program = `new (require(${JSON.stringify(DRIVER)}))(${JSON.stringify(path)}).exec('${ADD_ONE}')`
    const seen = [await read(), await read(), await read()]
    execFileSync(process.execPath, ['-e', program])
    expect([...seen, await read(), await read()]).toEqual([0, 0, 0, 1, 1])
  })

  test.skipIf(!able)('whatever happens in whatever order', { timeout: 60_000 }, async () => {
    const { engine, other, read, readers } = await open(native)
    let n = 0
    const steps = {
      read: async () => expect(await read()).toBe(n),
      theirs: async () => {
        other.exec(ADD_ONE)
        n++
      },
      ours: async () => {
        await engine.execute({ sql: ADD_ONE })
        n++
      },
      undone: async () => void other.exec(`BEGIN; ${ADD_ONE}; ROLLBACK`),
      restart: async () => void readers(),
      copy: async () => void other.pragma('wal_checkpoint(PASSIVE)'),
      schema: async () => void other.exec('DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1'),
      look: async () => void engine.stats(),
      turn: async () => nextTurn(),
    }
    const name = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]), 'read', 'read', 'read' as const)
    const property = fc.asyncProperty(fc.array(name, { maxLength: 40 }), async (order) => {
      for (const step of order) await steps[step]()
      await steps.read()
    })
    await fc.assert(property, { numRuns: 60 })
  })
})
