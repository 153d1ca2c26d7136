/**
 * Applies the migrations of a folder: each file in a transaction of its own, all or nothing, the next one chosen from
 * the history as that transaction sees it. So of several processes that start together each file is applied by one.
 */
import type { Executor, ScriptFailure, Transaction } from '../engine/types.ts'
import { ERROR_CATALOGUE, isNoormmeError, MigrationError, NoormmeError } from '../errors.ts'
import { findViolations, newViolation } from './foreign-key-check.ts'
import { readHistory, recordMigration } from './history.ts'
import { findLostRows, watchRows } from './lost-rows.ts'
import { type MigrationPlan, planMigrations } from './plan.ts'
import { lineOf, type MigrationFile, readMigrationFolder } from './read-folder.ts'

/** A migration that this call has applied. */
export interface AppliedMigration {
  /** Its file name: `0001_users.sql`. */
  readonly name: string
  readonly durationMs: number
  /** How many statements it has. */
  readonly statements: number
}

/** What a call of `migrate` has done. */
export interface MigrationResult {
  /** In the order of applying; empty when there was nothing to do. */
  readonly applied: readonly AppliedMigration[]
  /** Files that had been applied before, or meanwhile by another process. */
  readonly skipped: number
}

/** A migration may run as long as it needs. The longest that a timer of Node.js can wait: 24 days. */
const NO_TIME_LIMIT_MS = 2 ** 31 - 1

/**
 * Applies what the folder has and the database has not, in order, and stops at the first failure: what came before it
 * stays applied, of the failing file nothing does. When there is nothing to apply, nothing is written.
 *
 * @example
 * const { applied, skipped } = await migrate(engine, 'migrations')
 *
 * @throws MigrationError with file, line and statement; BusyError when another process keeps the database locked for
 *   `optimization.busyTimeout`.
 */
export async function migrate(executor: Executor, folder: string): Promise<MigrationResult> {
  const files = await readMigrationFolder(folder)
  const applied: AppliedMigration[] = []
  let more = nextOf(planMigrations(files, (await readHistory(executor)) ?? [])) !== null
  while (more) {
    const step = await applyNext(executor, files).catch((error: unknown) => {
      throw withApplied(error, applied)
    })
    if (step.applied !== null) applied.push(step.applied)
    more = step.more
  }
  return { applied, skipped: files.length - applied.length }
}

/** The one to apply next, or `null`; a disagreement between folder and history is an error before anything is applied. */
function nextOf({ pending, drift }: MigrationPlan): MigrationFile | null {
  const [first] = drift
  if (first !== undefined) throw new MigrationError({ file: first.name, reason: first.reason, advice: first.advice })
  return pending[0] ?? null
}

async function applyNext(
  executor: Executor,
  files: readonly MigrationFile[],
): Promise<{ applied: AppliedMigration | null; more: boolean }> {
  let current = null as MigrationFile | null
  try {
    return await executor.transaction(
      async (tx) => {
        const plan = planMigrations(files, (await readHistory(tx)) ?? [])
        current = nextOf(plan)
        if (current === null) return { applied: null, more: false }
        return { applied: await applyOne(tx, current), more: plan.pending.length > 1 }
      },
      { timeout: NO_TIME_LIMIT_MS },
    )
  } catch (error) {
    throw current === null ? error : atCommit(current, error)
  }
}

/** Those before the failing one stay: whoever reads the error has to know. */
function withApplied(error: unknown, applied: readonly AppliedMigration[]): unknown {
  if (!(error instanceof MigrationError) || applied.length === 0) return error
  const { cause, sqliteCode } = error
  return new MigrationError({ ...error.context, applied: applied.map(({ name }) => name) }, { cause, sqliteCode })
}

async function applyOne(tx: Transaction, file: MigrationFile): Promise<AppliedMigration> {
  const start = performance.now()
  const before = await findViolations(tx)
  const watched = await watchRows(tx, file.sql)

  const { statements, failure } = await tx.script(file.sql)
  if (failure !== null) throw scriptError(file, failure)

  const problem = newViolation(before, await findViolations(tx)) ?? (await findLostRows(tx, watched))
  if (problem !== null) throw new MigrationError({ file: file.name, ...problem })

  // A tenth of a millisecond is as exact as it is of use.
  const durationMs = Math.round((performance.now() - start) * 10) / 10
  const appliedAt = new Date().toISOString()
  await recordMigration(tx, { name: file.name, checksum: file.checksum, appliedAt, durationMs })
  return { name: file.name, durationMs, statements }
}

function scriptError(file: MigrationFile, { offset, statement, error }: ScriptFailure): MigrationError {
  return new MigrationError(
    {
      file: file.name,
      line: lineOf(file.sql, offset),
      statement,
      reason: withoutStatement(error),
      advice: isNoormmeError(error, 'NOORMME_REFUSED') ? error.hint : undefined,
    },
    { cause: error, sqliteCode: error instanceof NoormmeError ? error.sqliteCode : undefined },
  )
}

/** The message of an error of the catalogue, made again without the statement, which ours has already. */
function withoutStatement(error: Error): string {
  if (!(error instanceof NoormmeError)) return error.message
  const errorClass = ERROR_CATALOGUE.get(error.code)
  if (errorClass === undefined || error.context.sql === undefined) return error.message
  return new errorClass({ ...error.context, sql: undefined } as never).message
}

/** A deferred foreign key is found broken only by COMMIT, which knows of no file. */
function atCommit(file: MigrationFile, error: unknown): unknown {
  if (!isNoormmeError(error, 'NOORMME_FOREIGN_KEY')) return error
  return new MigrationError({ file: file.name, reason: error.message }, { cause: error, sqliteCode: error.sqliteCode })
}
