import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DEFAULT_SETTINGS, engineOptions, openTestEngine } from '../../test/support/open-engine.ts'
import { openEngine } from '../engine/engine.ts'
import type { CheckpointCounters, ConnectionStatus, EngineStats } from '../engine/types.ts'
import { assessHealth } from './assess-health.ts'
import {
  ANSWER_LIMIT_MS,
  DISK_FAIL_BYTES,
  DISK_WARN_BYTES,
  QUEUE_AGE_FAIL_MS,
  QUEUE_AGE_WARN_MS,
  SLOW_ANSWER_MS,
  UNFINISHED_WARN,
  WAL_WARN_BYTES,
} from './checks.ts'
import { gatherHealthFacts } from './gather-health-facts.ts'
import { ARCHIVE_AGE_WARN_MS, LOOP_DELAY_WARN_MS } from './known-checks.ts'
import { HEALTH_CHECKS, type HealthCheck, type HealthCheckName, type HealthFacts, type Observed } from './types.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30

/** What a real engine says, on a machine with time and a disk with room. Each test makes facts of its own from them. */
const sound = await (async (): Promise<HealthFacts> => {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-health-'))
  const engine = await openEngine(engineOptions(join(folder, 'sound.db')))
  try {
    const facts = await gatherHealthFacts(engine, () => engine.stats(), DEFAULT_SETTINGS)
    return {
      ...facts,
      answer: { ms: 1, value: null },
      disk: { ms: 1, value: { freeBytes: 500 * GIB, totalBytes: 1000 * GIB } },
    }
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true })
  }
})()

function withStats(facts: HealthFacts, change: (stats: EngineStats) => Partial<EngineStats>): HealthFacts {
  const stats = known(facts.stats)
  if (stats === null) throw new Error('the engine said nothing')
  return { ...facts, stats: { ms: 0, value: { ...stats, ...change(stats) } } }
}

function onWriter(
  stats: EngineStats,
  change: (writer: ConnectionStatus) => Partial<ConnectionStatus>,
): Partial<EngineStats> {
  const connections = stats.connections.map((each) => (each.label === 'writer' ? { ...each, ...change(each) } : each))
  return { connections }
}

function known<T>(observed: Observed<T>): T | null {
  return 'value' in observed ? observed.value : null
}

function checkOf(facts: HealthFacts, name: HealthCheckName): HealthCheck {
  const check = assessHealth(facts).checks.find((each) => each.name === name)
  if (check === undefined) throw new Error(`the report has no check ${name}`)
  return check
}

test('all passed: healthy, and there is no error', () => {
  const report = assessHealth(sound)

  expect(report.checks.map(({ status }) => status)).toEqual(HEALTH_CHECKS.map(() => 'pass'))
  expect(report).toMatchObject({ healthy: true, status: 'healthy' })
  expect(report).not.toHaveProperty('error')
})

test('a warning degrades, and the database can still serve', () => {
  const report = assessHealth(withStats(sound, () => ({ walBytes: WAL_WARN_BYTES + 1 })))

  expect(report).toMatchObject({ healthy: true, status: 'degraded' })
  expect(report).not.toHaveProperty('error')
})

test('a failure outweighs warnings, and the first one is the error', () => {
  const facts = withStats(sound, () => ({
    walBytes: WAL_WARN_BYTES + 1,
    queuedWrites: 3,
    oldestQueuedMs: QUEUE_AGE_FAIL_MS + 1,
  }))

  const report = assessHealth({ ...facts, disk: { ms: 1, value: { freeBytes: 0, totalBytes: GIB } } })

  expect(report).toMatchObject({ healthy: false, status: 'unhealthy' })
  expect(report.error).toBe('writer (idle); 3 waiting, the oldest for 5001 ms')
})

test('the same facts give the same report', () => {
  const facts = sound

  expect(assessHealth(structuredClone(facts))).toEqual(assessHealth(facts))
})

test.each([
  [SLOW_ANSWER_MS, 'pass'],
  [SLOW_ANSWER_MS + 1, 'warn'],
] as const)('an answer after %i ms: %s', (ms, status) => {
  const facts = { ...sound, answer: { ms, value: null } }

  expect(checkOf(facts, 'answering').status).toBe(status)
  expect(assessHealth(facts).responseTime).toBe(ms)
})

test.each([
  [80, 'warn'],
  [ANSWER_LIMIT_MS, 'warn'],
  [ANSWER_LIMIT_MS + 1, 'fail'],
] as const)('no answer for %i ms: %s', (ms, status) => {
  const check = checkOf({ ...sound, answer: { ms, pending: true } }, 'answering')
  expect(check).toMatchObject({ status, detail: `has not answered for ${ms} ms` })
})

test.each([
  [QUEUE_AGE_WARN_MS, 'pass'],
  [QUEUE_AGE_WARN_MS + 1, 'warn'],
  [QUEUE_AGE_FAIL_MS, 'warn'],
  [QUEUE_AGE_FAIL_MS + 1, 'fail'],
] as const)('a write that has waited for %i ms: %s', (oldestQueuedMs, status) => {
  const facts = withStats(sound, () => ({ queuedWrites: 1, oldestQueuedMs }))

  expect(checkOf(facts, 'writer')).toMatchObject({ status, detail: expect.stringContaining(`${oldestQueuedMs} ms`) })
})

test('a writer that has run one statement, or waited for another process, for long: a warning, though no write waits', () => {
  const busyFor = (sqlAgeMs: number) =>
    withStats(sound, (stats) => onWriter(stats, () => ({ state: 'busy', sql: 'DELETE FROM works', sqlAgeMs })))

  expect(checkOf(busyFor(QUEUE_AGE_FAIL_MS), 'writer')).toMatchObject({ status: 'pass' })
  expect(checkOf(busyFor(QUEUE_AGE_FAIL_MS + 1), 'writer')).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('DELETE FROM works'),
  })
})

test('a writer at work is shown with its statement, folded and cut, without its values', () => {
  const sql = `UPDATE notes\n  SET text = 'secret', ${'x'.repeat(200)} = 1`
  const facts = withStats(sound, (stats) => onWriter(stats, () => ({ state: 'busy', sql, sqlAgeMs: 1234.5 })))

  const { status, detail } = checkOf(facts, 'writer')

  expect(status).toBe('pass')
  expect(detail).toMatch(/^writer \(busy, for 1235 ms: UPDATE notes SET text = \?, x+…\); no write waits$/)
  expect(detail.length).toBeLessThan(200)
})

test.each(['ended', 'missing'] as const)('a writer that is %s fails', (how) => {
  const facts = withStats(sound, (stats) =>
    how === 'ended'
      ? onWriter(stats, () => ({ state: 'ended' }))
      : { connections: stats.connections.filter(({ label }) => label !== 'writer') },
  )

  expect(checkOf(facts, 'writer')).toMatchObject({ status: 'fail', detail: 'the writer has ended' })
})

describe('the log', () => {
  const withLog = (walBytes: number, limitBytes: number | null): HealthFacts =>
    withStats(sound, ({ log }) => ({ walBytes, log: log === null ? null : { ...log, limitBytes } }))

  test.each([
    [WAL_WARN_BYTES, WAL_WARN_BYTES, 'pass'],
    [WAL_WARN_BYTES + 1, WAL_WARN_BYTES, 'warn'],
    [WAL_WARN_BYTES, null, 'pass'],
    [WAL_WARN_BYTES + 1, null, 'warn'],
    [4 * WAL_WARN_BYTES, 4 * WAL_WARN_BYTES, 'pass'],
    [4 * WAL_WARN_BYTES + 1, 4 * WAL_WARN_BYTES, 'warn'],
  ] as const)('of %i bytes with a limit of %i: %s', (walBytes, limit, status) => {
    expect(checkOf(withLog(walBytes, limit), 'wal').status).toBe(status)
  })

  test('names the snapshots and streams that keep it', async () => {
    const { engine } = await openTestEngine('wal')
    await engine.execute({ sql: 'CREATE TABLE notes(id INTEGER PRIMARY KEY)' })

    const facts = await engine.snapshot(async () =>
      withStats(await gatherHealthFacts(engine, () => engine.stats(), DEFAULT_SETTINGS), () => ({
        walBytes: 2 * WAL_WARN_BYTES,
      })),
    )

    const { status, detail } = checkOf(facts, 'wal')
    expect([status, detail]).toEqual(['warn', 'the log has 128.0 MiB (limit 64.0 MiB); kept by reader-1 (snapshot)'])
  })
})

describe('the last checkpoint', () => {
  const LAST = {
    mode: 'PASSIVE',
    result: 'partial',
    frames: 9,
    copied: 3,
    pinnedBy: ['process 7 (sqlite3)'],
    ms: 2,
  } as const
  const checkAfter = (checkpoints: Partial<CheckpointCounters>, walBytes = WAL_WARN_BYTES): HealthCheck =>
    checkOf(
      withStats(sound, ({ log }) =>
        log === null
          ? {}
          : { walBytes, log: { ...log, checkpoints: { ...log.checkpoints, lastAgeMs: 3_000, ...checkpoints } } },
      ),
      'checkpoint',
    )

  test('is told with what it really came to', () => {
    expect(checkAfter({ last: LAST, unfinishedInARow: 1 })).toMatchObject({
      status: 'pass',
      detail: 'the last one (PASSIVE, 3 s ago) was partial, pinned by process 7 (sqlite3)',
    })
  })

  test.each([
    [UNFINISHED_WARN - 1, WAL_WARN_BYTES, 'pass'],
    [UNFINISHED_WARN, WAL_WARN_BYTES, 'warn'],
    [UNFINISHED_WARN, WAL_WARN_BYTES / 2, 'pass'],
  ] as const)('%i unfinished in a row with a log of %i bytes: %s', (unfinishedInARow, walBytes, status) => {
    expect(checkAfter({ last: LAST, unfinishedInARow }, walBytes).status).toBe(status)
  })

  test('warns when it failed', () => {
    expect(checkAfter({ last: LAST, error: 'disk I/O error' })).toMatchObject({
      status: 'warn',
      detail: 'the last one failed: disk I/O error',
    })
  })
})

const HOUR = 3_600_000
const hoursBefore = ({ now }: HealthFacts, hours: number): Date => new Date(now.getTime() - hours * HOUR)

test.each([
  ['not measured yet', null, 'pass'],
  ['one pause', { typicalMaxMs: 3, maxMs: 5_000 }, 'pass'],
  ['held up all the time', { typicalMaxMs: LOOP_DELAY_WARN_MS + 1, maxMs: 200 }, 'warn'],
] as const)('the event loop, %s', (_, loop, status) => {
  expect(checkOf({ ...sound, loop }, 'loop').status).toBe(status)
})

test.each([
  [null, 'pass', 'not checked since it was opened: integrityCheck()'],
  [{ quick: true, problems: [] }, 'pass', 'the quick check of 5 h ago found nothing'],
  [{ quick: false, problems: ['a', 'b', 'c'] }, 'fail', 'the check of 5 h ago found: a, and 2 more'],
] as const)('the last integrity check %j: %s', (found, status, detail) => {
  const integrity = found === null ? null : { ...found, at: hoursBefore(sound, 5) }
  expect(checkOf({ ...sound, integrity }, 'integrity')).toMatchObject({ status, detail })
})

test.each([
  [null, 'pass', 'not configured'],
  [{ hours: null, error: null }, 'warn', 'there is no verified backup yet'],
  [{ hours: 25, error: null }, 'pass', 'the last one was verified 25 h ago'],
  [{ hours: 27, error: null }, 'warn', 'the last one was verified 27 h ago'],
  [{ hours: 1, error: 'the target is full' }, 'warn', 'the target is full'],
] as const)('backups %j: %s', (facts, status, detail) => {
  const verified = (hours: number | null) => (hours === null ? null : hoursBefore(sound, hours))
  const backup =
    facts === null
      ? null
      : { lastVerifiedAt: verified(facts.hours), maxAgeMs: 26 * HOUR, error: facts.error, archive: null }
  expect(checkOf({ ...sound, backup }, 'backup')).toMatchObject({ status, detail })
})

test.each([
  [null, 'pass', 'not configured'],
  [{}, 'pass', '0.0 MiB wait to be stored (limit 1024.0 MiB)'],
  [{ backlogBytes: MIB, oldestMs: ARCHIVE_AGE_WARN_MS }, 'pass', '1.0 MiB wait to be stored, the oldest for 60 s'],
  [{ backlogBytes: MIB, oldestMs: ARCHIVE_AGE_WARN_MS + 1 }, 'warn', '1.0 MiB wait to be stored, the oldest for 60 s'],
  [{ backlogBytes: 512 * MIB, oldestMs: 1 }, 'pass', '512.0 MiB wait'],
  [{ backlogBytes: 513 * MIB, oldestMs: 1 }, 'warn', '513.0 MiB wait'],
  [{ archiving: false }, 'warn', 'until there is a backup to begin with'],
  [{ archiving: false, endedBecause: 'the disk is full' }, 'warn', 'nothing is archived: the disk is full'],
  [{ archiving: false, elsewhere: 'process 7' }, 'pass', 'process 7 archives this database'],
  [{ error: 'the bucket is gone' }, 'warn', 'the bucket is gone'],
] as const)('the archive %j: %s', (facts, status, detail) => {
  const good = { archiving: true, endedBecause: null, elsewhere: null, error: null, backlogBytes: 0, oldestMs: null }
  const archive = facts === null ? null : { ...good, maxBacklogBytes: 1024 * MIB, ...facts }
  const backup = { lastVerifiedAt: sound.now, maxAgeMs: HOUR, error: null, archive }
  const check = checkOf({ ...sound, backup }, 'archive')
  expect(check).toMatchObject({ status, detail: expect.stringContaining(detail) })
})

test.each([
  [null, 'pass'],
  [[], 'pass'],
  [['table "a" is only in the types'], 'warn'],
] as const)('differences from the types %j: %s', (drift, status) => {
  expect(checkOf({ ...sound, drift }, 'schema').status).toBe(status)
})

test.each([
  [DISK_WARN_BYTES, 10 * GIB, 'pass'],
  [DISK_WARN_BYTES - 1, 10 * GIB, 'warn'],
  [100 * GIB, 1000 * GIB, 'pass'],
  [100 * GIB - 1, 1000 * GIB, 'warn'],
  [DISK_FAIL_BYTES, GIB, 'warn'],
  [DISK_FAIL_BYTES - 1, GIB, 'fail'],
  // A file system that does not say.
  [0, 0, 'pass'],
] as const)('%i free of %i bytes on the disk: %s', (freeBytes, totalBytes, status) => {
  const facts = { ...sound, disk: { ms: 1, value: { freeBytes, totalBytes } } }

  expect(checkOf(facts, 'disk').status).toBe(status)
})

test('free space that cannot be told is a warning, not a failure', () => {
  const facts = { ...sound, disk: { ms: 1, error: 'ENOTSUP: operation not supported', code: 'ENOTSUP' } }

  expect(checkOf(facts, 'disk')).toMatchObject({ status: 'warn', detail: expect.stringContaining('ENOTSUP') })
})

test('foreign keys that are off although they were asked for fail, by name of the connection', () => {
  const facts = withStats(sound, (stats) =>
    onWriter(stats, ({ pragmas }) => ({ pragmas: pragmas === null ? null : { ...pragmas, foreign_keys: false } })),
  )

  expect(checkOf(facts, 'settings')).toMatchObject({
    status: 'fail',
    detail: 'foreign keys are off, on was asked for: writer',
  })
})

test('a file that could not be put into WAL mode warns', async () => {
  const { engine } = await openTestEngine('delete')
  const facts = await gatherHealthFacts(engine, () => engine.stats(), { enableWALMode: true, enableForeignKeys: true })

  expect(checkOf(facts, 'settings')).toMatchObject({
    status: 'warn',
    detail: 'journal mode wal was asked for: writer has delete',
  })
})

test('a connection that is still starting has nothing to compare yet', () => {
  const facts = withStats(sound, (stats) => ({
    connections: [
      ...stats.connections,
      {
        label: 'reader-9',
        state: 'starting',
        sql: null,
        sqlAgeMs: null,
        pragmas: null,
        stablePlans: null,
        pageCache: null,
      },
    ],
  }))

  expect(checkOf(facts, 'settings')).toMatchObject({ status: 'pass', detail: expect.not.stringContaining('reader-9') })
})

const HELD = { foreign: 0, libraries: 1, locked: { file: true, shm: true } }

test.each([
  ['all is as it should be', HELD, 'pass'],
  ['a descriptor is open that SQLite did not open', { ...HELD, foreign: 1 }, 'fail'],
  ['a second SQLite library has the file open', { ...HELD, libraries: 2 }, 'fail'],
  ['the lock on the file is gone', { ...HELD, locked: { file: false, shm: true } }, 'fail'],
  ['the lock on -shm is gone', { ...HELD, locked: { file: true, shm: false } }, 'fail'],
  ['the system does not tell', null, 'pass'],
])('locks: %s', (_, value, status) => {
  expect(checkOf({ ...sound, descriptors: { ms: 0, value } }, 'locks').status).toBe(status)
})

test('locks: none are held between transactions without WAL', () => {
  const value = { ...HELD, libraries: 0, locked: { file: false, shm: false } }
  const settings = { ...sound.settings, enableWALMode: false }
  expect(checkOf({ ...sound, settings, descriptors: { ms: 0, value } }, 'locks').status).toBe('pass')
})

test('file: what is no longer in its place fails', () => {
  expect(checkOf(sound, 'file').status).toBe('pass')
  const gone = withStats(sound, () => ({ fileGone: 'app.db was removed' }))
  expect(checkOf(gone, 'file')).toMatchObject({ status: 'fail', detail: 'app.db was removed' })
})
