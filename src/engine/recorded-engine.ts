/** An engine with what is recorded of it, and what it tells by itself. */
import type { EngineRecord } from './metrics/engine-record.ts'
import type { CheckpointOutcome, Engine, ReadOptions, ResultSet, Statement } from './types.ts'

/** Whoever counts statements; told of each before its caller is. */
export interface StatementCounter {
  /** `durationMs`: from call to answer. Returns whether that was long, which {@link slow} is then to be told of. */
  answered(statement: Statement, result: ResultSet, durationMs: number): boolean
  /** To be called from a function that the caller awaits, so that it can be seen where the call was made. */
  slow(statement: Statement, result: ResultSet, durationMs: number): void
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
  const durationMs = performance.now() - startMs
  if (counter.answered(statement, result, durationMs)) counter.slow(statement, result, durationMs)
  return result
}
