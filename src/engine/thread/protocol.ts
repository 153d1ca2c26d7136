/**
 * What the main thread and a connection's thread say to each other. Requests are answered in the order they were sent;
 * each answer tells whether the connection is inside a transaction afterwards, because SQLite may end one by itself.
 */
import type { WireError } from '../../errors.ts'
import type { CheckpointMode, CheckpointNumbers } from '../../sqlite/checkpoint-types.ts'
import type { ConnectionOptions, WriteOutcome } from '../../sqlite/connection.ts'
import type { CopyEnd, CopyProgress } from '../../sqlite/copy-types.ts'
import type { NativeFacts, PageCacheCounters } from '../../sqlite/native-types.ts'
import type { ConnectionPragmas } from '../../sqlite/settings.ts'
import type { SqlValue } from '../../sqlite/values.ts'
import type { ArchiveReply, ArchiveRequest } from './archive-requests.ts'
import type { TravellingRows } from './block.ts'

/** A statement whose values have been checked, ready to travel. */
export interface WireStatement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/** Several statements, all or nothing. */
export type WireBatch = readonly WireStatement[]

/** One write of a group: a single statement, or a batch. */
export interface GroupItem {
  readonly statements: WireBatch
  readonly atomic: boolean
}

export type GroupItemOutcome =
  | { readonly results: WriteOutcome[]; readonly error?: never }
  | { readonly error: WireError; readonly results?: never }

export interface GroupOutcome {
  /** Outcomes of the first items, as many as were run; the rest is to be sent again. */
  readonly outcomes: GroupItemOutcome[]
  readonly commits: number
  /** BEGIN met a lock for as long as it might wait: nothing was run. */
  readonly busy: WireError | null
  /** The connection cannot be trusted any more: replace the thread. */
  readonly broken: boolean
}

export interface CursorBlock extends TravellingRows {
  readonly done: boolean
}

export interface ScriptReply {
  readonly statements: number
  readonly failure: { readonly offset: number; readonly statement: string; readonly error: WireError } | null
}

/** A statement that may wait for another process's lock (ms). */
export interface WaitingStatement extends WireStatement {
  readonly waitMs: number
}

/** Every operation: its argument and its result. */
export interface Operations {
  /**
   * One read by itself. `null`: SQLite says that the statement writes. Milliseconds are the statement's own. Blocks of a
   * long result are sent ahead of it.
   */
  read: {
    argument: WireStatement
    result: (TravellingRows & { readonly ms: number; readonly connection: string }) | null
  }
  /** One statement of any kind by itself, in no transaction of ours. */
  alone: { argument: WaitingStatement; result: WriteOutcome }
  /** One statement of any kind inside the open transaction. */
  run: { argument: WireStatement; result: WriteOutcome }
  /** Statements inside the open transaction, all or nothing. */
  batch: { argument: WireBatch; result: WriteOutcome[] }
  /** Writes committed together; each is a piece of its own, in the order of the items. */
  group: { argument: { readonly items: readonly GroupItem[]; readonly waitMs: number }; result: GroupOutcome }
  /** `waitMs`: how long it may wait for another process's lock; `null` begins a read, which waits for nobody. */
  begin: { argument: { readonly waitMs: number | null }; result: null }
  commit: { argument: null; result: null }
  rollback: { argument: null; result: null }
  savepoint: { argument: string; result: null }
  release: { argument: string; result: null }
  rollbackTo: { argument: string; result: null }
  script: { argument: string; result: ScriptReply }
  /** `waitMs`: how long readers may keep it from its end. */
  checkpoint: { argument: { readonly mode: CheckpointMode; readonly waitMs: number }; result: CheckpointNumbers }
  openCursor: { argument: { readonly cursor: number; readonly statement: WireStatement }; result: null }
  readCursor: { argument: { readonly cursor: number; readonly rows: number }; result: CursorBlock }
  closeCursor: { argument: number; result: null }
  /** The archive of the log; its thread alone does that. */
  archive: { argument: ArchiveRequest; result: ArchiveReply }
  /** Begins a copy of the database. `fixed`: in one read transaction, which lasts as long as it does. */
  beginCopy: { argument: { readonly path: string; readonly fixed: boolean }; result: null }
  /** Copies for `budgetMs`, and leaves the last pages. */
  copySlice: { argument: { readonly budgetMs: number; readonly leavePages: number }; result: CopyProgress }
  /** Copies at most so many pages, and ends the copy when those were the last. */
  finishCopy: { argument: { readonly pages: number }; result: CopyEnd }
  /** Ends a copy, which leaves nothing when it was not finished. */
  endCopy: { argument: null; result: null }
  /** Reads so many bytes more of the connection's own file, whose bytes do not change; the SHA-256 when it was all. */
  hashFile: { argument: { readonly bytes: number }; result: { readonly read: number; readonly sha256: string | null } }
  /** Schema and statistics are read again with the next statement. */
  reloadSchema: { argument: null; result: null }
  /** Ends the connection; `tidy`: optimise and truncate the log first. */
  close: { argument: { readonly optimize: boolean; readonly truncate: boolean }; result: null }
}

export type Operation = keyof Operations

/** One write as an array: `travelling-group.ts` has its form, and that of its outcome. */
export type FlatWrite = readonly SqlValue[]

/** The argument of a group on its way. */
export interface TravellingGroup {
  readonly waitMs: number
  readonly texts: readonly string[]
  readonly items: readonly (GroupItem | FlatWrite)[]
}

/** The outcome of a group on its way. */
export interface TravellingOutcome extends Omit<GroupOutcome, 'outcomes'> {
  readonly names: readonly (readonly string[])[]
  readonly outcomes: readonly (GroupItemOutcome | FlatWrite)[]
}

export type TravellingArgument = Operations[Operation]['argument'] | TravellingGroup
export type TravellingResult = Operations[Operation]['result'] | TravellingOutcome

/**
 * The first of its pieces has the request's own number as its run's, the next ones those that follow. Groups and what came
 * of them are packed, see `travelling-group.ts`.
 */
export interface Request {
  readonly id: number
  readonly op: Operation
  readonly argument: TravellingArgument
}

export interface Answered {
  readonly id: number
  readonly inTransaction: boolean
  /** How long it waited for locks of other processes. */
  readonly busyMs: number
}

export type Reply = Answered & ({ readonly result: TravellingResult } | { readonly error: WireError })

/** A piece of a result that is still being read: its columns' names and its next block. */
export interface Ahead {
  readonly id: number
  readonly ahead: Required<Pick<TravellingRows, 'columns' | 'blocks'>>
}

/** What a connection that has worked tells of its page cache, unasked and at most once a second. */
export interface PageCacheReport {
  readonly pageCache: PageCacheCounters
}

/** First message of a thread: how opening went. */
export type Greeting = { readonly opened: ConnectionFacts } | { readonly failed: WireError }

/** What a connection says of itself when it has been opened. */
export interface ConnectionFacts {
  readonly pragmas: ConnectionPragmas
  readonly sqliteVersion: string
  readonly native: NativeFacts
  /** Of its page cache; `null` without the native extension. */
  readonly pageCache: PageCacheCounters | null
}

/** What a thread is started with. */
export interface ThreadData {
  readonly options: ConnectionOptions
  /** Where it says what it is running: see `run-slot.ts`. */
  readonly slot: SharedArrayBuffer
}

/** How a hold on the writer's connection ended. */
export interface HoldOutcome {
  readonly committed: boolean
  /** The connection cannot be trusted any more: replace the thread. */
  readonly broken: boolean
}
