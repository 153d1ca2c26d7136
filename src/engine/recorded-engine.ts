/** An engine with what is recorded of it, and what it tells by itself. */
import type { EngineRecord } from './metrics/engine-record.ts'
import type { CheckpointOutcome, Engine, ReadOptions, ResultSet, Statement } from './types.ts'

/** Whoever counts statements; told of each before its caller is. */
export interface StatementCounter {
  /** `durationMs`: from call to answer. */
  answered(statement: Statement, result: ResultSet, durationMs: number): void
  failed(statement: Statement, error: unknown, durationMs: number): void
}

export interface RecordedEngine extends Engine {
  /** Of all who share the engine. */
  readonly record: EngineRecord
  /**
   * {@link Engine.execute}, counted. Where a read is answered at once it is counted there and then: to wait for its promise
   * once more would cost more than all the counting.
   */
  executeCounted(statement: Statement, options: ReadOptions | undefined, counter: StatementCounter): Promise<ResultSet>
  /** Calls `listener` after each checkpoint; returns a function that ends it. */
  onCheckpoint(listener: (outcome: CheckpointOutcome) => void): () => void
}

/** Runs one statement, and counts it when it is answered or has failed. */
export async function counting(
  counter: StatementCounter,
  statement: Statement,
  run: () => Promise<ResultSet>,
): Promise<ResultSet> {
  const startMs = performance.now()
  let result: ResultSet
  try {
    result = await run()
  } catch (error) {
    counter.failed(statement, error, performance.now() - startMs)
    throw error
  }
  counter.answered(statement, result, performance.now() - startMs)
  return result
}
