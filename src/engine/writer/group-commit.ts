/**
 * Commits writes in groups: one `BEGIN IMMEDIATE … COMMIT` for everything that waited while the last group was being
 * committed. Runs on the writer's thread. What may go wrong, and what then happens to the neighbours:
 *
 *  - a statement fails and the transaction lives on: a single statement has undone itself, a batch is undone by its
 *    savepoint; only that write is rejected.
 *  - a statement fails and SQLite has rolled everything back (RAISE(ROLLBACK), disk full, I/O): the transaction is begun
 *    again without it, and the neighbours run again. Their first results were never told to anybody.
 *  - COMMIT meets a deferred foreign key: rolled back, then one transaction per write, so that the key is blamed on its own.
 *  - COMMIT meets a lock and the transaction lives on: tried again until `busyTimeout`.
 *  - COMMIT fails otherwise (I/O, disk full): nobody knows what reached the disk. All are rejected as indeterminate and
 *    the connection is given up.
 */
import { ForeignKeyConstraintError, IndeterminateError, toWire } from '../../errors.ts'
import type { Connection, WriteOutcome } from '../../sqlite/connection.ts'
import type { GroupItem, GroupItemOutcome, GroupOutcome, WireBatch } from '../thread/protocol.ts'
import { pollWhileBusy } from './poll-while-busy.ts'

/** A group ends after this much work, so that the first of it is not held up by the last (ms). */
const GROUP_WORK_MS = 5

export interface GroupContext {
  readonly connection: Connection
  readonly busyTimeout: number
}

/** Runs as many of `items` as fit into one group and commits them. */
export function commitGroup(context: GroupContext, items: readonly GroupItem[]): GroupOutcome {
  const outcomes = runUntilNobodyEndsIt(context, items)
  const failure = attempt(() => commit(context))
  if (failure === null) return { outcomes, commits: 1, broken: false }

  if (context.connection.inTransaction) context.connection.control('ROLLBACK')
  if (failure instanceof ForeignKeyConstraintError) return oneByOne(context, items.slice(0, outcomes.length), outcomes)
  if (isHarmless(failure)) return { outcomes: all(outcomes, failure), commits: 0, broken: false }
  const indeterminate = new IndeterminateError({ reason: failure.message }, { cause: failure })
  return { outcomes: all(outcomes, indeterminate), commits: 0, broken: true }
}

/** Runs one statement or batch inside the open transaction; a failed batch leaves nothing behind. */
export function runBatch(connection: Connection, statements: WireBatch): WriteOutcome[] {
  connection.control('SAVEPOINT noormme_batch')
  try {
    const results = statements.map(({ sql, parameters }) => connection.write(sql, parameters))
    connection.control('RELEASE noormme_batch')
    return results
  } catch (error) {
    if (connection.inTransaction) {
      connection.control('ROLLBACK TO noormme_batch')
      connection.control('RELEASE noormme_batch')
    }
    throw error
  }
}

/** Begins the writing transaction, waiting for other processes. */
export function beginWrite({ connection, busyTimeout }: GroupContext): void {
  pollWhileBusy(() => connection.control('BEGIN IMMEDIATE'), {
    path: connection.path,
    label: connection.label,
    timeoutMs: busyTimeout,
  })
}

/** Commits, waiting for readers of other processes where the journal mode lets them block it. */
export function commit({ connection, busyTimeout }: GroupContext): void {
  pollWhileBusy(() => connection.control('COMMIT'), {
    path: connection.path,
    label: connection.label,
    timeoutMs: busyTimeout,
  })
}

/** Outcomes of the first items, inside an open transaction; started over without each one that ended it. */
function runUntilNobodyEndsIt(context: GroupContext, items: readonly GroupItem[]): GroupItemOutcome[] {
  const culprits = new Map<GroupItem, GroupItemOutcome>()
  for (;;) {
    const begun = attempt(() => beginWrite(context))
    if (begun !== null) return items.map((item) => culprits.get(item) ?? failed(begun))
    const run = runOnce(context.connection, items, culprits)
    if (run !== null) return run
  }
}

/** `null` when an item made SQLite roll the transaction back; the item is then in `culprits`. */
function runOnce(
  connection: Connection,
  items: readonly GroupItem[],
  culprits: Map<GroupItem, GroupItemOutcome>,
): GroupItemOutcome[] | null {
  const outcomes: GroupItemOutcome[] = []
  const start = performance.now()
  for (const item of items) {
    const known = culprits.get(item)
    const outcome = known ?? runItem(connection, item)
    outcomes.push(outcome)
    if (known === undefined && !connection.inTransaction) {
      culprits.set(item, outcome)
      return null
    }
    if (performance.now() - start > GROUP_WORK_MS) break
  }
  return outcomes
}

function runItem(connection: Connection, { statements, atomic }: GroupItem): GroupItemOutcome {
  try {
    if (atomic) return { results: runBatch(connection, statements) }
    return { results: statements.map(({ sql, parameters }) => connection.write(sql, parameters)) }
  } catch (error) {
    return failed(error)
  }
}

/** A transaction for each item that had succeeded so far. */
function oneByOne(
  context: GroupContext,
  items: readonly GroupItem[],
  first: readonly GroupItemOutcome[],
): GroupOutcome {
  let commits = 0
  const outcomes: GroupItemOutcome[] = []
  for (const [index, item] of items.entries()) {
    const before = first[index]
    if (before !== undefined && 'error' in before) {
      outcomes.push(before)
      continue
    }
    const { outcome, broken } = runAlone(context, item)
    outcomes.push(outcome)
    if (broken) return { outcomes, commits, broken }
    if ('results' in outcome) commits++
  }
  return { outcomes, commits, broken: false }
}

function runAlone(context: GroupContext, item: GroupItem): { outcome: GroupItemOutcome; broken: boolean } {
  const { connection } = context
  const begun = attempt(() => beginWrite(context))
  if (begun !== null) return { outcome: failed(begun), broken: false }
  const outcome = runItem(connection, item)
  const failure = connection.inTransaction ? attempt(() => commit(context)) : null
  if (failure === null) return { outcome, broken: false }
  if (connection.inTransaction) connection.control('ROLLBACK')
  const broken = !isHarmless(failure) && !(failure instanceof ForeignKeyConstraintError)
  return {
    outcome: failed(broken ? new IndeterminateError({ reason: failure.message }, { cause: failure }) : failure),
    broken,
  }
}

/** A lock that stayed held leaves the transaction open and whole; it could be rolled back cleanly. */
function isHarmless(failure: Error): boolean {
  return 'code' in failure && failure.code === 'NOORMME_BUSY'
}

function all(outcomes: readonly GroupItemOutcome[], error: Error): GroupItemOutcome[] {
  return outcomes.map((outcome) => ('error' in outcome ? outcome : failed(error)))
}

const failed = (error: unknown): GroupItemOutcome => ({ error: toWire(error) })

function attempt(run: () => void): Error | null {
  try {
    run()
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
