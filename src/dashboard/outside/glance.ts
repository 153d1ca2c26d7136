/** What can be told of a file in a few microseconds, so that it can be looked at each second: nothing is opened by SQLite. */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { type LockHolder, readLockHolders } from '../../sqlite/lock-holders.ts'
import { readLogFacts } from '../../sqlite/log-facts.ts'
import { type LogIndex, readLogIndex } from '../../sqlite/log-index.ts'
import type { ConnectionRow, LogNow } from '../protocol.ts'

const FRAME_HEADER_BYTES = 24

export interface Glance {
  /** Milliseconds since 1970. */
  readonly at: number
  /** `null` when there is no file. */
  readonly sizeBytes: number | null
  readonly walBytes: number | null
  /** `null` without a log, or where nobody has it open. */
  readonly index: LogIndex | null
  readonly holders: readonly LockHolder[]
  /** Another one after each commit, and when the file is another one. */
  readonly stamp: string
}

/** @param path absolute, without symbolic links. */
export function glance(path: string): Glance {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false })
  const wal = statSync(`${path}-wal`, { bigint: true, throwIfNoEntry: false })
  const stampOf = (stat: typeof file): string => (stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`)
  return {
    at: Date.now(),
    sizeBytes: file === undefined ? null : Number(file.size),
    walBytes: wal === undefined ? null : Number(wal.size),
    index: wal === undefined ? null : readLogIndex(path),
    holders: readLockHolders(path) ?? [],
    stamp: `${stampOf(file)} ${stampOf(wal)}`,
  }
}

/** @param pageSize of the database, where it is known. */
export function logOf(path: string, { walBytes, index, holders }: Glance, pageSize: number | null): LogNow | null {
  if (walBytes === null) return null
  const frameBytes = (index?.pageSize ?? pageSize ?? 0) + FRAME_HEADER_BYTES
  // Left over: it does not change, and what is in it has to be counted.
  const facts = index === null ? readLogFacts(path) : null
  return {
    bytes: walBytes,
    usedBytes: (index?.frames ?? facts?.frames ?? 0) * frameBytes,
    copiedBytes: (index?.copied ?? facts?.checkpointed ?? 0) * frameBytes,
    limitBytes: null,
    pins: [],
    others: holders.map(({ locks, ...holder }) => `${nameOf(holder)}: ${locks.join(', ')}`),
    lastCheckpoint: null,
  }
}

/** The programs that have the file open, in the place of connections. */
export function programRows(
  users: readonly { readonly pid: number; readonly name: string | null }[],
  holders: readonly LockHolder[],
): ConnectionRow[] {
  const byPid = new Map([...users, ...holders].map(({ pid, name }) => [pid, { pid, name }]))
  return [...byPid.values()]
    .sort((a, b) => a.pid - b.pid)
    .map((program) => ({
      label: nameOf(program),
      state: stateOf(holders.find(({ pid }) => pid === program.pid)),
      sql: null,
      sqlAgeMs: null,
      pageCacheHitRatio: null,
      pageCacheBytes: null,
      pragmas: {},
    }))
}

function stateOf(holder: LockHolder | undefined): ConnectionRow['state'] {
  if (holder?.locks.includes('write') === true) return 'transaction'
  return holder?.locks.includes('read') === true ? 'snapshot' : 'idle'
}

function nameOf({ pid, name }: { readonly pid: number; readonly name: string | null }): string {
  return `process ${pid}${name === null ? '' : ` (${basename(name)})`}`
}
