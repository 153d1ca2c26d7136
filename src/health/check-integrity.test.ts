import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { gate, openGatedEngine } from '../../test/support/gated-engine.ts'
import { openTestEngine } from '../../test/support/open-engine.ts'
import { checkIntegrity } from './check-integrity.ts'

const check = (source: Parameters<typeof checkIntegrity>[0], quick = false) =>
  checkIntegrity(source, { quick, limits: {} })
const FILL = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, v);
  CREATE INDEX by_v ON t (v);
  WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 5000)
  INSERT INTO t SELECT v, hex(randomblob(20)) FROM n`

test.each(['wal', 'delete', 'memory'] as const)('a whole database is whole (%s)', async (kind) => {
  const { engine } = await openTestEngine(kind)
  await engine.transaction((tx) => tx.script(FILL))
  expect(await check(engine)).toEqual({ ok: true, problems: [] })
  expect(await check(engine, true)).toEqual({ ok: true, problems: [] })
})

/** A closed file with an index that lacks what its table has. */
async function withBadIndex(): Promise<string> {
  const { engine, path } = await openTestEngine('delete')
  await engine.transaction((tx) => tx.script(FILL))
  await engine.close()
  const { default: Database } = await import('better-sqlite3')
  const database = new Database(path)
  database.unsafeMode(true)
  database.pragma('writable_schema = ON')
  database.exec("UPDATE sqlite_schema SET sql = 'CREATE INDEX by_v ON t (id)' WHERE name = 'by_v'")
  database.close()
  return path
}

test('an index that disagrees with its table is found, by the quick check not', async () => {
  const path = await withBadIndex()
  const { engine } = await openTestEngine('wal', { path, autoOptimize: false })
  const { ok, problems } = await check(engine)
  expect(ok).toBe(false)
  expect(problems.length).toBeGreaterThan(0)
  expect(problems.join()).toContain('by_v')
  expect(await check(engine, true)).toEqual({ ok: true, problems: [] })
})

test('a file damaged in its middle is an answer, not an error', async () => {
  const { engine, path } = await openTestEngine('delete')
  await engine.transaction((tx) => tx.script(FILL))
  await engine.close()
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, Math.floor(statSync(path).size / 8192) * 4096)
  closeSync(file)
  const again = await openTestEngine('wal', { path, autoOptimize: false })
  const { ok, problems } = await check(again.engine)
  expect(ok).toBe(false)
  expect(problems.length).toBeGreaterThan(0)
})

test('it outlasts statementTimeout, and ends by a limit of its own', async () => {
  const { engine, reached, open } = await openGatedEngine('wal', { statementTimeoutMs: 1 })
  await engine.transaction((tx) => tx.script(FILL))
  expect((await check(engine)).ok).toBe(true)
  const controller = new AbortController()
  controller.abort()
  const limits = { signal: controller.signal }
  await expect(checkIntegrity(engine, { quick: true, limits })).rejects.toMatchObject({ code: 'NOORMME_ABORTED' })
  open('a')
  await engine.execute(gate('a'), { timeout: 60_000 })
  await reached('a')
})
