import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS, openTestEngine, type TestEngine } from '../../test/support/open-engine.ts'
import type { Engine } from '../engine/types.ts'
import { classify } from '../sqlite/classify.ts'
import { adviseOptimizations } from './advise-optimizations.ts'
import { gatherAdviceFacts } from './gather-advice-facts.ts'
import type { SQLiteOptimizations } from './types.ts'

const SETTINGS = { enableWALMode: true, readers: 4 }
const PLENTY = 2 ** 40

const SHOP = [
  'CREATE TABLE artists(id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE works(id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists, title TEXT, price INTEGER)',
  'CREATE INDEX works_title ON works(title)',
  'CREATE INDEX works_title_price ON works(title, price)',
  "INSERT INTO works(title, price) VALUES ('Moon', 7)",
]

async function openShop(settings: Partial<typeof DEFAULT_SETTINGS> = {}): Promise<TestEngine> {
  const opened = await openTestEngine('wal', { settings: { ...DEFAULT_SETTINGS, ...settings } })
  for (const sql of SHOP) await opened.engine.execute({ sql })
  return opened
}

const advise = async (executor: Pick<Engine, 'execute'>, engine: Engine): Promise<SQLiteOptimizations> =>
  adviseOptimizations(await gatherAdviceFacts(executor, engine.stats(), SETTINGS, PLENTY))

test('advice for a small shop: the gravest first, and the gravest is the impact', async () => {
  const { engine } = await openShop({ synchronous: 'NORMAL' })

  const advice = await advise(engine, engine)

  expect(advice.recommendations.map(({ id, severity }) => [id, severity])).toEqual([
    ['foreign-key-index', 'medium'],
    ['synchronous-normal', 'low'],
    ['redundant-index', 'low'],
    ['statistics-missing', 'info'],
  ])
  expect(advice.performanceImpact).toBe('medium')
  expect(advice.warnings).toEqual([expect.stringMatching(/^synchronous is NORMAL: /)])
  expect(advice.suggestedSettings).toEqual({ synchronous: 'FULL' })
})

test('advice that was followed is not given again, and then nothing has impact', async () => {
  const { engine } = await openShop()
  for (const { sql } of (await advise(engine, engine)).recommendations) await engine.execute({ sql: sql ?? '' })

  const advice = await advise(engine, engine)

  expect(advice).toMatchObject({ recommendations: [], warnings: [], performanceImpact: 'none', suggestedSettings: {} })
})

test('what is only worth knowing has no impact', async () => {
  const { engine } = await openTestEngine('wal', { settings: { ...DEFAULT_SETTINGS, enableForeignKeys: false } })

  const advice = await advise(engine, engine)

  expect(advice.recommendations).toMatchObject([{ id: 'foreign-keys-off', severity: 'info' }])
  expect(advice.performanceImpact).toBe('none')
})

test('several settings are suggested together', async () => {
  const { engine } = await openTestEngine('delete', {
    settings: { ...DEFAULT_SETTINGS, enableWALMode: false, synchronous: 'OFF', enableForeignKeys: false },
  })
  const facts = await gatherAdviceFacts(engine, engine.stats(), { enableWALMode: false, readers: 4 }, PLENTY)

  expect(adviseOptimizations(facts)).toMatchObject({
    performanceImpact: 'high',
    suggestedSettings: { synchronous: 'FULL', enableWALMode: true, enableForeignKeys: true },
  })
})

test('current settings are what SQLite reported to the writer, under the names of the configuration', async () => {
  const { engine } = await openShop({ cacheSize: 1234, synchronous: 'EXTRA', tempStore: 'FILE' })

  const { currentSettings } = await advise(engine, engine)

  expect(currentSettings).toEqual({
    enableWALMode: true,
    enableForeignKeys: true,
    cacheSize: 1234,
    synchronous: 'EXTRA',
    tempStore: 'FILE',
    mmapSize: 0,
    journalSizeLimit: 67_108_864,
    pageSize: 4096,
    autoVacuum: 'NONE',
  })
})

test('what is applied is told with its value, and with the connections that have it', async () => {
  const { engine } = await openShop({ cacheSize: -12_345 })
  const { stats, ...facts } = await gatherAdviceFacts(engine, engine.stats(), SETTINGS, PLENTY)
  const connections = stats.connections.filter(({ label }) => label === 'writer' || label === 'inline')
  const rest = { sql: null, sqlAgeMs: null, pragmas: null, stablePlans: null, pageCache: null }
  const starting = { label: 'reader-9', state: 'starting', ...rest } as const

  const { appliedOptimizations } = adviseOptimizations({
    ...facts,
    stats: { ...stats, connections: [...connections, starting] },
  })

  expect(appliedOptimizations).toEqual([
    'journal_mode is wal, so reads run beside a write (writer, inline)',
    'synchronous is FULL (writer, inline)',
    'foreign_keys is on (writer, inline)',
    'cache_size is -12345 (12345 KiB) (writer, inline)',
    'temp_store is MEMORY (writer, inline)',
    'mmap_size is 0 bytes (writer, inline)',
    'journal_size_limit is 67108864 bytes (writer, inline)',
    'query_only is off (writer)',
    'query_only is on (inline)',
    'page_size is 4096 bytes (writer, inline)',
    'auto_vacuum is NONE (writer, inline)',
  ])
})

test('while nothing is known of the connections, nothing is claimed of them', async () => {
  const { engine } = await openShop({ synchronous: 'OFF' })
  const facts = await gatherAdviceFacts(engine, engine.stats(), SETTINGS, PLENTY)
  const connections = facts.stats.connections.map((each) => ({ ...each, pragmas: null }))

  expect(adviseOptimizations({ ...facts, stats: { ...facts.stats, connections } })).toMatchObject({
    appliedOptimizations: [],
    currentSettings: {},
    suggestedSettings: {},
  })
})

test('the same facts give the same advice', async () => {
  const { engine } = await openShop()
  const facts = await gatherAdviceFacts(engine, engine.stats(), SETTINGS)

  expect(adviseOptimizations(structuredClone(facts))).toEqual(adviseOptimizations(facts))
})

test('looking sends statements that read, none that writes, and none that opens a table of the user', async () => {
  const { engine, path } = await openShop()
  const sent: string[] = []
  const recording: Pick<Engine, 'execute'> = {
    execute: (statement, options) => {
      sent.push(statement.sql)
      return engine.execute(statement, options)
    },
  }

  await advise(recording, engine)

  const database = new BetterSqlite3(path, { readonly: true })
  const openedBy = (sql: string): number[] =>
    database
      .prepare<[], { opcode: string; p2: number }>(`EXPLAIN ${sql}`)
      .all()
      .flatMap(({ opcode, p2 }) => (opcode === 'OpenRead' ? p2 : []))
  expect(sent).toHaveLength(2)
  expect(sent.map((sql) => classify(sql).kind)).toEqual(['read', 'read'])
  expect(sent.map((sql) => database.prepare(sql).readonly)).toEqual([true, true])
  // Page 1 is the root of the schema table.
  expect(new Set(sent.flatMap(openedBy))).toEqual(new Set([1]))
  expect(openedBy('SELECT * FROM works')).not.toContain(1)
  database.close()
})

test('looking leaves the file, its log, the settings and the schema as they were', async () => {
  const { engine, folder, path } = await openShop({ synchronous: 'NORMAL' })
  const witness = new BetterSqlite3(path, { readonly: true })
  const look = (): unknown => ({
    files: fingerprint(folder),
    versions: ['schema_version', 'data_version', 'user_version'].map((name) => witness.pragma(name, { simple: true })),
    pragmas: engine.stats().connections.find(({ label }) => label === 'writer')?.pragmas,
    counters: { writes: engine.stats().counters.writes, commits: engine.stats().counters.commits },
  })
  const before = look()

  const { recommendations } = await advise(engine, engine)
  const after = look()
  await engine.execute({ sql: "INSERT INTO works(title) VALUES ('Sun')" })
  const written = look()
  witness.close()

  expect(recommendations).not.toEqual([])
  expect(after).toEqual(before)
  expect(written).not.toEqual(before)
})

/**
 * Names, times and contents of the database file and its log; the names alone of the memory shared by its readers, who
 * note there what they read. By another process: opening and closing the file in this one would drop SQLite's locks.
 */
function fingerprint(folder: string): unknown {
  const program = `
    const { readFileSync, statSync } = require('node:fs')
    const { createHash } = require('node:crypto')
    const hash = (path) => createHash('sha256').update(readFileSync(path)).digest('hex')
    console.log(JSON.stringify(process.argv.slice(1).map((path) => [path, statSync(path).mtimeMs, hash(path)])))`
  const names = readdirSync(folder).sort()
  const kept = names.filter((name) => !name.endsWith('-shm')).map((name) => join(folder, name))
  const output = execFileSync(process.execPath, ['-e', program, ...kept], { encoding: 'utf8' })
  return { names, contents: JSON.parse(output) }
}
