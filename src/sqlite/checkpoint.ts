/**
 * Copying the write-ahead log into the database file, and looking at it without doing so.
 *
 * `PRAGMA wal_checkpoint` answers three numbers: whether something kept it from its end, the frames in the log, and how
 * many of them are in the file. Success is read from all three: PASSIVE says `busy = 0` even when a reader stopped it
 * half-way (https://sqlite.org/pragma.html#pragma_wal_checkpoint).
 */
import type { CheckpointMode, CheckpointNumbers, LogState } from './checkpoint-types.ts'
import type { Connection } from './connection.ts'

/** How often a checkpoint that met a reader is tried again (ms). */
const TRY_AGAIN_MS = 1
const sleeper = new Int32Array(new SharedArrayBuffer(4))

/** The log as it is, changing nothing; `null` when it cannot be told now. */
export function lookAtLog(connection: Connection): LogState | null {
  try {
    const { frames, copied } = run(connection, 'NOOP')
    return frames < 0 ? null : { frames, copied }
  } catch {
    // The next look tells: another process recovers the log, or the disk failed and the next read says so.
    return null
  }
}

/** Runs a checkpoint, again and again for at most `waitMs` while readers keep it from its end. */
export function checkpointWithin(connection: Connection, mode: CheckpointMode, waitMs: number): CheckpointNumbers {
  const start = performance.now()
  for (;;) {
    const numbers = run(connection, mode)
    const done = !numbers.busy && numbers.copied === numbers.frames
    if (done || performance.now() - start >= waitMs) return numbers
    Atomics.wait(sleeper, 0, 0, TRY_AGAIN_MS)
  }
}

function run(connection: Connection, mode: CheckpointMode | 'NOOP'): CheckpointNumbers {
  const [busy, frames, copied] = connection.pragmaRow(`wal_checkpoint(${mode})`).map(Number)
  return { busy: busy !== 0, frames: frames ?? -1, copied: copied ?? -1 }
}
