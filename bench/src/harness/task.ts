/** What a child process is asked to do, and what it answers. */
import type { Pragmas } from '../contestants/types.ts'
import type { Lane, Measured, Trial } from '../work.ts'

export type Task =
  | { readonly kind: 'measure'; readonly work: string; readonly trial: Trial }
  | { readonly kind: 'verify'; readonly lane: Lane; readonly path: string }

export interface Verified {
  readonly pragmas: Pragmas
  /** Fingerprint of what each operation returned. */
  readonly results: Readonly<Record<string, string>>
}

export interface Answer<T = Measured | Verified> {
  readonly result: T
  /** CPU that the process has used, all its threads together. */
  readonly cpuMs: number
}

/** Why it could not be done, in the words of the contestant. */
export interface Refusal {
  readonly failed: string
}
