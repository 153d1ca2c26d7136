/** What is told of each statement to a system that traces calls. */
import type { QueryEvent } from './types.ts'

export interface Telemetry {
  /** What a call made here and now belongs to; asked while the caller is on the stack. */
  parent(): unknown
  /** A statement was answered, or has failed. `startMs`: on the clock of `performance`. */
  ended(event: QueryEvent, call: { readonly parent: unknown; readonly startMs: number }): void
}
