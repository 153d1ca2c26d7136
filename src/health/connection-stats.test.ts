import { expect, test } from 'vitest'
import { openTestEngine } from '../../test/support/open-engine.ts'
import { connectionStats } from './connection-stats.ts'

const NOW = new Date('2026-03-04T05:06:07.089Z')
const DISCONNECTED = {
  database: 'SQLite',
  dialect: 'noormme',
  timestamp: '2026-03-04T05:06:07.089Z',
  status: 'disconnected',
  path: null,
  sqliteVersion: null,
  native: null,
  pageCacheHitRatio: null,
  connections: [],
  queuedWrites: 0,
  queuedBytes: 0,
  oldestQueuedMs: 0,
  queuedReads: 0,
  walBytes: null,
  log: null,
  cache: null,
  fileGone: null,
  counters: { readsInline: 0, readsInterrupted: 0, readsThreaded: 0, writes: 0, commits: 0, transactions: 0 },
}

test('an open engine is connected and shows every connection with what SQLite reported', async () => {
  const { engine, path } = await openTestEngine('wal')
  await engine.execute({ sql: 'CREATE TABLE notes(id INTEGER PRIMARY KEY)' })
  const stats = engine.stats()

  const result = connectionStats(stats, { now: NOW, initialized: true })

  expect(result).toEqual({
    ...stats,
    database: 'SQLite',
    dialect: 'noormme',
    timestamp: NOW.toISOString(),
    status: 'connected',
  })
  expect(result).toMatchObject({ path, counters: { writes: 1, commits: 1 } })
  expect(result.connections.map(({ label, pragmas }) => [label, pragmas?.journal_mode])).toEqual([
    ['writer', 'wal'],
    ['inline', 'wal'],
  ])
})

test('without an engine nothing is connected', () => {
  expect(connectionStats(null, { now: NOW, initialized: true })).toEqual(DISCONNECTED)
})

test('before initialisation nothing is connected, whatever was known', async () => {
  const { engine } = await openTestEngine('memory')

  expect(connectionStats(engine.stats(), { now: NOW, initialized: false })).toEqual(DISCONNECTED)
})

test.each(['wal', 'delete'] as const)('a closed engine is disconnected (%s)', async (kind) => {
  const { engine } = await openTestEngine(kind)

  await engine.close()

  expect(connectionStats(engine.stats(), { now: NOW, initialized: true })).toEqual(DISCONNECTED)
})
