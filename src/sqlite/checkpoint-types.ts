/** What is asked of a checkpoint, and what it answers: plain data, without the driver. */
import { ValidationError } from '../errors.ts'

/** What is copied, and what is waited for: https://sqlite.org/c3ref/wal_checkpoint_v2.html */
export type CheckpointMode = 'PASSIVE' | 'FULL' | 'RESTART' | 'TRUNCATE'

export interface LogState {
  /** Frames (page versions) in the log; −1 when there is no log, or another checkpoint is under way. */
  readonly frames: number
  /** How many of them are in the database file. */
  readonly copied: number
}

export interface CheckpointNumbers extends LogState {
  /** A reader, a writer or another checkpoint kept it from its end. */
  readonly busy: boolean
}

const MODES: readonly string[] = ['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'] satisfies CheckpointMode[]

/** @throws ValidationError for anything else than a mode: it stands in a statement. */
export function checkpointMode(mode: unknown): CheckpointMode {
  const known = typeof mode === 'string' ? MODES.find((one) => one === mode.toUpperCase()) : undefined
  if (known !== undefined) return known as CheckpointMode
  throw new ValidationError({ subject: 'the mode of a checkpoint', reason: `must be one of ${MODES.join(', ')}` })
}
