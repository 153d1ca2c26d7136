import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS, type EngineKind, openTestEngine } from '../../test/support/open-engine.ts'
import type { Engine } from '../engine/types.ts'
import type { ConnectionSettings } from '../sqlite/settings.ts'
import { gatherAdviceFacts } from './gather-advice-facts.ts'
import { adviseSettings, CACHE_SHARE_OF_MEMORY } from './settings-advice.ts'
import type { AdviceFacts, AdviceSettings } from './types.ts'

const PLENTY = 2 ** 40

async function open(kind: EngineKind, settings: Partial<ConnectionSettings> = {}): Promise<Engine> {
  const all = { ...DEFAULT_SETTINGS, enableWALMode: kind === 'wal', ...settings }
  return (await openTestEngine(kind, { settings: all })).engine
}

const factsOf = (engine: Engine, settings: Partial<AdviceSettings> = {}, memoryBytes = PLENTY): Promise<AdviceFacts> =>
  gatherAdviceFacts(engine, engine.stats(), { enableWALMode: true, readers: 4, ...settings }, memoryBytes)

test('the settings that keep every promise need no advice', async () => {
  expect(adviseSettings(await factsOf(await open('wal')))).toEqual([])
  expect(adviseSettings(await factsOf(await open('wal', { synchronous: 'EXTRA' })))).toEqual([])
})

test('synchronous OFF is grave: writes and the file itself are at risk', async () => {
  expect(adviseSettings(await factsOf(await open('wal', { synchronous: 'OFF' })))).toEqual([
    {
      recommendation: {
        id: 'synchronous-off',
        severity: 'high',
        title: 'Set synchronous to FULL instead of OFF',
        why: expect.stringContaining('damage the file'),
        evidence: { synchronous: 'OFF', journalMode: 'wal' },
        config: "optimization.synchronous: 'FULL'",
        undo: "optimization.synchronous: 'OFF'",
      },
      suggested: { synchronous: 'FULL' },
      warning: expect.stringMatching(/^synchronous is OFF: .* may lose acknowledged writes/),
    },
  ])
})

test.each([
  ['wal', 'low', 'the file stays intact'],
  ['delete', 'medium', 'damage the file'],
] as const)('synchronous NORMAL in %s mode is %s: %s', async (kind, severity, lost) => {
  const facts = await factsOf(await open(kind, { synchronous: 'NORMAL' }))

  const advice = adviseSettings(facts).find(({ recommendation }) => recommendation.id === 'synchronous-normal')

  expect(advice?.recommendation).toMatchObject({ severity, why: expect.stringContaining(lost) })
  expect(advice?.suggested).toEqual({ synchronous: 'FULL' })
  expect(advice?.warning).toContain(lost)
})

test('a file without a log could have one', async () => {
  const facts = await factsOf(await open('delete'), { enableWALMode: false })

  expect(adviseSettings(facts)).toMatchObject([
    {
      recommendation: {
        id: 'wal-off',
        severity: 'medium',
        evidence: { journalMode: 'delete' },
        config: 'optimization.enableWALMode: true',
        undo: 'optimization.enableWALMode: false',
      },
      suggested: { enableWALMode: true },
      warning: null,
    },
  ])
})

test('where the log was asked for and refused, the setting is not advised again', async () => {
  const [advice] = adviseSettings(await factsOf(await open('delete'), { enableWALMode: true }))

  expect(advice?.recommendation).toMatchObject({ id: 'wal-off', title: 'Move the database to a local disk' })
  expect(advice?.recommendation).not.toHaveProperty('config')
  expect(advice?.suggested).toEqual({})
  expect(advice?.warning).toContain('although WAL was asked for')
})

test('a database in memory has nothing to lose and no log to want', async () => {
  expect(adviseSettings(await factsOf(await open('memory', { synchronous: 'OFF' })))).toEqual([])
})

test('foreign keys that are declared and not enforced are grave, and counted', async () => {
  const engine = await open('wal', { enableForeignKeys: false })
  await engine.execute({ sql: 'CREATE TABLE a(id INTEGER PRIMARY KEY)' })
  await engine.execute({ sql: 'CREATE TABLE b(x INTEGER REFERENCES a, y INTEGER REFERENCES a)' })

  expect(adviseSettings(await factsOf(engine))).toMatchObject([
    {
      recommendation: { id: 'foreign-keys-off', severity: 'high', evidence: { declaredForeignKeys: 2 } },
      suggested: { enableForeignKeys: true },
      warning: 'foreign_keys is off: 2 declared foreign keys are not enforced.',
    },
  ])
})

test('without a declared foreign key it is only worth knowing that none would be enforced', async () => {
  expect(adviseSettings(await factsOf(await open('wal', { enableForeignKeys: false })))).toMatchObject([
    {
      recommendation: { id: 'foreign-keys-off', severity: 'info', evidence: { declaredForeignKeys: 0 } },
      warning: null,
    },
  ])
})

test('caches that cannot all fit are lowered to what fits: every connection counts, and its size in KiB or pages', async () => {
  const cache = 8 * 2 ** 20
  const memory = (cache * 6) / CACHE_SHARE_OF_MEMORY
  const inKiB = await open('wal', { cacheSize: -8192 })
  const inPages = await open('wal', { cacheSize: 2048, pageSize: 4096 })

  for (const engine of [inKiB, inPages]) {
    expect(adviseSettings(await factsOf(engine, { readers: 4 }, memory))).toEqual([])
    expect(adviseSettings(await factsOf(engine, { readers: 5 }, memory))).toMatchObject([
      {
        recommendation: {
          id: 'cache-memory',
          // The file is still empty.
          severity: 'info',
          evidence: { cacheBytes: cache, connections: 7, memoryBytes: memory },
        },
      },
    ])
  }
})

test('the suggested cache needs no further advice', async () => {
  const memory = 100 * 2 ** 20
  const settings = { readers: 8 }
  const [advice] = adviseSettings(await factsOf(await open('wal', { cacheSize: -64_000 }), settings, memory))
  const cacheSize = advice?.suggested.cacheSize ?? 0

  expect(advice?.recommendation).toMatchObject({
    config: `optimization.cacheSize: ${cacheSize}`,
    undo: 'optimization.cacheSize: -64000',
  })
  expect(adviseSettings(await factsOf(await open('wal', { cacheSize }), settings, memory))).toEqual([])
})

test('caches that the file can fill matter more; without a log there is one connection', async () => {
  const memory = 2 ** 20
  const fill = async (engine: Engine): Promise<void> => {
    await engine.execute({ sql: 'CREATE TABLE t(b)' })
    await engine.execute({ sql: 'INSERT INTO t VALUES (zeroblob(600000))' })
  }
  const wal = await open('wal', { cacheSize: -400 })
  const single = await open('delete', { cacheSize: -400 })
  await fill(wal)
  await fill(single)

  expect(adviseSettings(await factsOf(wal, {}, memory))).toMatchObject([
    { recommendation: { id: 'cache-memory', severity: 'medium', evidence: { connections: 6 } } },
  ])
  const advice = adviseSettings(await factsOf(single, { enableWALMode: false }, memory))
  expect(advice.map(({ recommendation }) => [recommendation.id, recommendation.evidence.connections])).toContainEqual([
    'cache-memory',
    1,
  ])
})

test('before a connection has been opened nothing is said about settings', async () => {
  const facts = await factsOf(await open('wal', { synchronous: 'OFF' }))
  const connections = facts.stats.connections.map((each) => ({ ...each, pragmas: null }))

  expect(adviseSettings({ ...facts, stats: { ...facts.stats, connections } })).toEqual([])
})
