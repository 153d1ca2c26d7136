/** An engine with what is recorded of it, and what it tells by itself. */
import type { EngineRecord } from './metrics/engine-record.ts'
import type { CheckpointOutcome, Engine } from './types.ts'

export interface RecordedEngine extends Engine {
  /** Of all who share the engine. */
  readonly record: EngineRecord
  /** Calls `listener` after each checkpoint; returns a function that ends it. */
  onCheckpoint(listener: (outcome: CheckpointOutcome) => void): () => void
}
