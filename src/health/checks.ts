/** The checks, each a pure function of the facts. `docs/health.md` says what each means and what to do. */
import type { ConnectionStatus, EngineStats } from '../engine/types.ts'
import { withoutValues } from '../sqlite/fingerprint.ts'
import type { HealthCheck, HealthCheckName, HealthFacts } from './types.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB

/** Milliseconds: a thousand times what the read takes when nothing is in its way. */
export const SLOW_ANSWER_MS = 1_000

/** Milliseconds: whoever waits for an answer has given up by then. */
export const ANSWER_LIMIT_MS = 5_000

/** Milliseconds: a group commit takes a few; a write that waits so long is noticed by whoever sent it. */
export const QUEUE_AGE_WARN_MS = 1_000
/** Milliseconds: as long as a transaction may stay open by default, so something is stuck. */
export const QUEUE_AGE_FAIL_MS = 5_000

/** Bytes, where the engine keeps no limit of its own: SQLite's checkpoints stay far below while nothing holds them up. */
export const WAL_WARN_BYTES = 64 * MIB

/** Checkpoints in a row that did not reach their end, with a log that is half full: readers take turns in keeping it. */
export const UNFINISHED_WARN = 3

/** Share of the file system that should stay free, and bytes: whichever is met first warns. */
export const DISK_WARN_SHARE = 0.1
export const DISK_WARN_BYTES = 2048 * MIB
/** Bytes: a log and a large transaction may need as much at once. */
export const DISK_FAIL_BYTES = 256 * MIB

/** The database answers a read of its schema table. */
export function checkAnswering({ answer }: HealthFacts): HealthCheck {
  const report = reporter('answering', answer.ms)
  if ('pending' in answer) {
    const status = answer.ms > ANSWER_LIMIT_MS ? 'fail' : 'warn'
    return report(status, `has not answered for ${Math.round(answer.ms)} ms`)
  }
  if ('error' in answer) return report('fail', answer.error)
  const detail = `answered in ${answer.ms.toFixed(1)} ms`
  return answer.ms > SLOW_ANSWER_MS ? report('warn', detail) : report('pass', detail)
}

/** The writer is there, no write waits long for it, and none has run, or been kept waiting by another process, for long. */
export function checkWriter(facts: HealthFacts): HealthCheck {
  return ofEngine('writer', facts, ({ connections, queuedWrites, oldestQueuedMs }) => {
    const writer = connections.find(({ label }) => label === 'writer')
    if (writer === undefined || writer.state === 'ended') return ['fail', 'the writer has ended']

    const state = describe(writer)
    const isLong = (writer.sqlAgeMs ?? 0) > QUEUE_AGE_FAIL_MS
    if (queuedWrites === 0) return [isLong ? 'warn' : 'pass', `${state}; no write waits`]
    const waiting = `${queuedWrites} waiting, the oldest for ${Math.round(oldestQueuedMs)} ms`
    const isLate = isLong || oldestQueuedMs > QUEUE_AGE_WARN_MS
    const status = oldestQueuedMs > QUEUE_AGE_FAIL_MS ? 'fail' : isLate ? 'warn' : 'pass'
    return [status, `${state}; ${waiting}`]
  })
}

/** The write-ahead log stays within its bounds. */
export function checkWal(facts: HealthFacts): HealthCheck {
  return ofEngine('wal', facts, ({ connections, walBytes, log }) => {
    if (walBytes === null) return ['pass', 'there is no log: the database is not in WAL mode']

    const limit = log?.limitBytes ?? WAL_WARN_BYTES
    const size = `the log has ${sizeOf(walBytes)} (limit ${sizeOf(limit)})`
    if (walBytes <= limit) return ['pass', size]
    const holders = connections.filter(({ state }) => ['snapshot', 'stream', 'abandoned'].includes(state)).map(describe)
    return ['warn', holders.length === 0 ? size : `${size}; kept by ${holders.join(', ')}`]
  })
}

/** What the last checkpoint really came to. One that a reader has kept from its end is nothing yet: the next goes on. */
export function checkCheckpoint(facts: HealthFacts): HealthCheck {
  return ofEngine('checkpoint', facts, ({ walBytes, log }) => {
    if (log === null || walBytes === null) return ['pass', 'there is no log: the database is not in WAL mode']
    const { last, lastAgeMs, error, unfinishedInARow } = log.checkpoints
    if (error !== null) return ['warn', `the last one failed: ${error}`]
    if (last === null || lastAgeMs === null) return ['pass', 'none was needed since the database was opened']

    const pinned = last.pinnedBy.length === 0 ? '' : `, pinned by ${last.pinnedBy.join(', ')}`
    const row = unfinishedInARow > 1 ? `; ${unfinishedInARow} in a row did not reach their end` : ''
    const detail = `the last one (${last.mode}, ${Math.round(lastAgeMs / 1_000)} s ago) was ${last.result}${pinned}${row}`
    const pressing = walBytes > (log.limitBytes ?? WAL_WARN_BYTES) / 2
    return [unfinishedInARow >= UNFINISHED_WARN && pressing ? 'warn' : 'pass', detail]
  })
}

/** There is room on the disk for what is still to be written. */
export function checkDisk(facts: HealthFacts): HealthCheck {
  const { disk } = facts
  if (disk === null) {
    const why = 'there is no disk to look at: the database is in memory'
    return ofEngine('disk', facts, () => ['pass', why])
  }
  const report = reporter('disk', disk.ms)
  if ('pending' in disk) {
    return report('warn', `the system has not told the free space for ${Math.round(disk.ms)} ms`)
  }
  // What is written to a file without a name is gone when the last program closes it.
  if ('error' in disk && disk.code === 'ENOENT') return report('fail', 'the database file is no longer where it was')
  if ('error' in disk) return report('warn', `the free space cannot be told: ${disk.error}`)

  const { freeBytes, totalBytes } = disk.value
  if (totalBytes === 0) return report('pass', 'the file system does not say how much space it has')
  const share = freeBytes / totalBytes
  const detail = `${sizeOf(freeBytes)} of ${sizeOf(totalBytes)} are free (${(share * 100).toFixed(1)} %)`
  if (freeBytes < DISK_FAIL_BYTES) return report('fail', detail)
  return report(freeBytes < DISK_WARN_BYTES || share < DISK_WARN_SHARE ? 'warn' : 'pass', detail)
}

/** Every connection has the settings that were asked for. */
export function checkSettings(facts: HealthFacts): HealthCheck {
  return ofEngine('settings', facts, ({ connections, path }) => {
    const { enableForeignKeys, enableWALMode } = facts.settings
    const journalMode = path === ':memory:' ? 'memory' : enableWALMode ? 'wal' : 'delete'
    const opened = connections.flatMap(({ label, pragmas }) => (pragmas === null ? [] : { label, pragmas }))

    const keys = opened.filter(({ pragmas }) => pragmas.foreign_keys !== enableForeignKeys)
    if (keys.length > 0) {
      const is = enableForeignKeys ? 'off, on was' : 'on, off was'
      return ['fail', `foreign keys are ${is} asked for: ${keys.map(({ label }) => label).join(', ')}`]
    }
    // SQLite never changes the mode behind a back; a file system that cannot carry WAL is opened in DELETE mode.
    const modes = opened.filter(({ pragmas }) => pragmas.journal_mode !== journalMode)
    if (modes.length > 0) {
      const found = modes.map(({ label, pragmas }) => `${label} has ${pragmas.journal_mode}`).join(', ')
      return ['warn', `journal mode ${journalMode} was asked for: ${found}`]
    }
    const labels = opened.map(({ label }) => label).join(', ')
    return ['pass', `foreign keys ${enableForeignKeys ? 'on' : 'off'}, journal mode ${journalMode} on ${labels}`]
  })
}

type Verdict = readonly [HealthCheck['status'], string]

/** A check of what the engine knows of itself. That there is no engine is for `answering` to tell. */
function ofEngine(name: HealthCheckName, { stats }: HealthFacts, check: (stats: EngineStats) => Verdict): HealthCheck {
  const report = reporter(name, stats.ms)
  if ('error' in stats) return report('warn', `this cannot be told: ${stats.error}`)
  if (stats.value === null) return report('warn', 'this cannot be told: the database is not open')
  return report(...check(stats.value))
}

function reporter(name: HealthCheckName, duration: number): (...verdict: Verdict) => HealthCheck {
  return (status, detail) => ({ name, status, detail, duration })
}

function describe({ label, state, sql, sqlAgeMs }: ConnectionStatus): string {
  if (sql === null || sqlAgeMs === null) return `${label} (${state})`
  const folded = withoutValues(sql)
  const text = folded.length <= 120 ? folded : `${folded.slice(0, 119)}…`
  return `${label} (${state}, for ${Math.round(sqlAgeMs)} ms: ${text})`
}

function sizeOf(bytes: number): string {
  return bytes < GIB ? `${(bytes / MIB).toFixed(1)} MiB` : `${(bytes / GIB).toFixed(1)} GiB`
}
