/** A request on its way to a connection's thread, for those who may want it stopped. */
import type { Operation, Operations } from './protocol.ts'
import type { Scope } from './run-slot.ts'

/** Interrupts what the connection with this id of the native extension runs; `false` when there is none. */
export type SendInterrupt = (id: number) => boolean

export interface Sent<O extends Operation> {
  readonly result: Promise<Operations[O]['result']>
  /** Ends what it runs; see `Stopper` in `interrupts.ts`. */
  readonly stop: (options?: StopOptions) => Promise<boolean>
  /** Which of its pieces the thread is running just now. */
  readonly running: () => number | null
}

export interface StopOptions {
  /** Default: `statement`. */
  readonly scope?: Scope
  /** Which of its pieces. Default: the first. */
  readonly piece?: number
  /** Nobody waits for its rows any more: those that have come are not made objects. Default: `false`. */
  readonly unwanted?: boolean
}
