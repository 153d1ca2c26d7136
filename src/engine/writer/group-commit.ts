/**
 * Commits writes in groups: one `BEGIN IMMEDIATE … COMMIT` for everything that waited while the last group was being
 * committed. Runs on the writer's thread. What may go wrong, and what then happens to the neighbours:
 *
 *  - BEGIN meets a lock: nothing was run; the queue decides whose patience is over.
 *  - a statement fails and the transaction lives on: a single statement has undone itself, a batch is undone by its
 *    savepoint, and so is a statement that can stop half-way (FAIL); only that write is rejected.
 *  - a statement fails and SQLite has rolled everything back (RAISE(ROLLBACK), an interrupt, disk full, I/O): the
 *    transaction is begun again without it, and the neighbours run again. Their first results were never told to anybody.
 *  - an interrupt meets what surrounds a write, and SQLite has rolled nothing back: we do.
 *  - COMMIT meets a deferred foreign key: rolled back, then one transaction per write, so that the key is blamed on its own.
 *    Writes that had failed are run again too: what they met may have been a row that is gone now.
 *  - COMMIT meets a lock and the transaction lives on: tried again until `busyTimeout`, then rolled back.
 *  - the file or its log is gone from its path before COMMIT: rolled back, all are rejected, nothing was written.
 *  - COMMIT fails otherwise (I/O, disk full), or the rollback does: nobody knows what reached the disk. All are rejected
 *    as indeterminate and the connection is given up.
 */
import { BusyError, FileGoneError, ForeignKeyConstraintError, IndeterminateError, toWire } from '../../errors.ts'
import { allOrNothing } from '../../sqlite/all-or-nothing.ts'
import type { Connection, WriteOutcome } from '../../sqlite/connection.ts'
import { attempt } from '../../util/attempt.ts'
import { isInterrupted } from '../thread/interrupted.ts'
import type { GroupItem, GroupItemOutcome, GroupOutcome, WireBatch } from '../thread/protocol.ts'
import { type RunSlot, runOf } from '../thread/run-slot.ts'
import type { FairTurns } from './fair-turns.ts'
import { pollWhileBusy } from './poll-while-busy.ts'

/** A group ends after this much work, so that the first of it is not held up by the last (ms). */
const GROUP_WORK_MS = 5

const NOTHING: GroupOutcome = { outcomes: [], commits: 0, busy: null, broken: false }

export interface WriteContext {
  readonly connection: Connection
  readonly turns: FairTurns
  /** How long COMMIT waits for readers of other processes (ms). */
  readonly busyTimeout: number
  /** Says which item is running. BEGIN and COMMIT are none. */
  readonly slot: RunSlot
}

interface Attempt {
  /** How long BEGIN may be tried, on the clock of `performance`. */
  readonly until: number
  readonly firstRun: number
}

export interface GroupRun {
  /** How long BEGIN may wait for a lock (ms). */
  readonly waitMs: number
  /** What the slot calls the first item; the next ones follow. */
  readonly firstRun: number
}

/** Runs as many of `items` as fit into one group and commits them. */
export function commitGroup(
  context: WriteContext,
  items: readonly GroupItem[],
  { waitMs, firstRun }: GroupRun,
): GroupOutcome {
  const until = performance.now() + waitMs
  const refused = attempt(() => beginWrite(context, waitMs))
  if (refused instanceof BusyError) return { ...NOTHING, busy: toWire(refused) }
  if (refused !== null) return { ...NOTHING, outcomes: items.map(() => failed(refused)) }

  const outcomes = runUntilNobodyEndsIt(context, items, { until, firstRun })
  if (!context.connection.inTransaction) return { ...NOTHING, outcomes }
  const { failure, broken } = endTransaction(context)
  if (failure === null) return { ...NOTHING, outcomes, commits: outcomes.some(({ results }) => results) ? 1 : 0 }
  if (failure instanceof ForeignKeyConstraintError) {
    return oneByOne(context, items.slice(0, outcomes.length), { until, firstRun })
  }
  return { ...NOTHING, outcomes: outcomes.map((outcome) => (outcome.error ? outcome : failed(failure))), broken }
}

/** Runs statements inside the open transaction; those of a batch that fails leave nothing behind. */
export function runBatch(connection: Connection, statements: WireBatch): WriteOutcome[] {
  return allOrNothing(connection, () => statements.map(({ sql, parameters }) => connection.write(sql, parameters)))
}

/**
 * Runs what writes inside the open transaction, so that it can be interrupted. SQLite then rolls everything back if it meets
 * the write itself, and we do if it meets what surrounds it: of what was interrupted nothing stays.
 */
export function runInterruptibly<T>(context: WriteContext, run: number, work: () => T): T {
  try {
    return context.slot.during(run, 'writes', work)
  } catch (error) {
    if (isInterrupted(error) && context.connection.inTransaction) rollback(context)
    throw error
  }
}

/** Begins the writing transaction, in fair turns with other processes. */
export function beginWrite({ connection, turns }: WriteContext, waitMs: number): void {
  turns.beforeBegin()
  pollWhileBusy(() => connection.control('BEGIN IMMEDIATE'), { connection, waitMs, onBusy: () => turns.metBusy() })
}

/**
 * Commits, waiting for readers of other processes where the journal mode lets them block it. What would go to a file that
 * is no longer at its path is not committed.
 */
export function commit({ connection, busyTimeout, turns }: WriteContext): void {
  connection.assertInPlace()
  pollWhileBusy(() => connection.control('COMMIT'), { connection, waitMs: busyTimeout, holdingLock: true })
  turns.released()
}

/** Undoes the open transaction. */
export function rollback({ connection, turns }: WriteContext): void {
  connection.control('ROLLBACK')
  turns.released()
}

/** Outcomes of the first items, inside the open transaction; started over without each one that ended it. */
function runUntilNobodyEndsIt(
  context: WriteContext,
  items: readonly GroupItem[],
  { until, firstRun }: Attempt,
): GroupItemOutcome[] {
  const culprits = new Map<GroupItem, GroupItemOutcome>()
  for (;;) {
    const outcomes = runOnce(context, items, { firstRun, culprits })
    if (outcomes !== null) return outcomes
    const refused = attempt(() => beginWrite(context, left(until)))
    // The others have not been run and have patience of their own.
    if (refused !== null) return items.slice(0, 1).map((item) => culprits.get(item) ?? failed(refused))
  }
}

/** `null` when an item made SQLite roll the transaction back; the item is then in `culprits`. */
function runOnce(
  context: WriteContext,
  items: readonly GroupItem[],
  { firstRun, culprits }: { readonly firstRun: number; readonly culprits: Map<GroupItem, GroupItemOutcome> },
): GroupItemOutcome[] | null {
  const outcomes: GroupItemOutcome[] = []
  const start = performance.now()
  for (const [index, item] of items.entries()) {
    const known = culprits.get(item)
    const outcome = known ?? runItem(context, item, runOf(firstRun + index))
    outcomes.push(outcome)
    if (known === undefined && !context.connection.inTransaction) {
      culprits.set(item, outcome)
      return null
    }
    if (performance.now() - start > GROUP_WORK_MS) break
  }
  return outcomes
}

function runItem(context: WriteContext, { statements, atomic }: GroupItem, run: number): GroupItemOutcome {
  const { connection } = context
  const write = (): WriteOutcome[] =>
    atomic
      ? runBatch(connection, statements)
      : statements.map(({ sql, parameters }) => connection.write(sql, parameters))
  try {
    return { results: runInterruptibly(context, run, write) }
  } catch (error) {
    return failed(error)
  }
}

/** A transaction for each item. Ends early when one met a lock or broke the connection; the rest is to be sent again. */
function oneByOne(context: WriteContext, items: readonly GroupItem[], { until, firstRun }: Attempt): GroupOutcome {
  let commits = 0
  const outcomes: GroupItemOutcome[] = []
  for (const [index, item] of items.entries()) {
    const refused = attempt(() => beginWrite(context, left(until)))
    if (refused !== null) return { ...NOTHING, outcomes: [...outcomes, failed(refused)], commits }
    const { outcome, broken } = runAlone(context, item, runOf(firstRun + index))
    outcomes.push(outcome)
    if (outcome.results) commits++
    if (broken) return { ...NOTHING, outcomes, commits, broken }
  }
  return { ...NOTHING, outcomes, commits }
}

/** Runs one item in the transaction that has begun, and ends it. */
function runAlone(context: WriteContext, item: GroupItem, run: number): { outcome: GroupItemOutcome; broken: boolean } {
  const outcome = runItem(context, item, run)
  if (!context.connection.inTransaction) return { outcome, broken: false }
  const { failure, broken } = endTransaction(context)
  return { outcome: failure === null ? outcome : failed(failure), broken }
}

/** Commits, or else rolls back. `broken`: it is unknown what was done. */
function endTransaction(context: WriteContext): { failure: Error | null; broken: boolean } {
  const { connection } = context
  const failure = attempt(() => commit(context))
  if (failure === null) return { failure, broken: false }
  const stuck = connection.inTransaction ? attempt(() => rollback(context)) : null
  const harmless = [ForeignKeyConstraintError, BusyError, FileGoneError].some((known) => failure instanceof known)
  if (harmless && stuck === null) return { failure, broken: false }
  return { failure: new IndeterminateError({ reason: failure.message }, { cause: failure }), broken: true }
}

const left = (until: number): number => Math.max(0, until - performance.now())

const failed = (error: unknown): GroupItemOutcome => ({ error: toWire(error) })
