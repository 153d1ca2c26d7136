/** Whom a dashboard asks: a database that runs in this process, or a file that is looked at from outside. */
import type { ActionName, ActionResult, Overview, SchemaSize, StatementDetail, Tick } from './protocol.ts'

export interface Source {
  overview(): Promise<Overview>
  tick(): Promise<SourceTick>
  schema(): Promise<SchemaSize[]>
  /** `null` when no statement has this id. */
  statement(id: string): Promise<StatementDetail | null>
  /** `null` where this action cannot be done. */
  act(name: ActionName): Promise<ActionResult> | null
  /** What was told while it was another is old at once. */
  readonly isOpen: boolean
  /** What can be done. */
  readonly actions: readonly ActionName[]
  /** For monitoring systems: Prometheus text, liveness and readiness. `null` where there is nothing to tell. */
  readonly monitoring: Monitoring | null
  /** Called when a first page opens; what it returns, when the last has closed. Between the two ticks are asked for. */
  watch(): () => void
  /** Texts that no answer may carry, such as the folder of the file, with what stands for each. */
  readonly hidden: ReadonlyMap<string, string>
}

export interface Monitoring {
  readonly metrics: (request: Request) => Promise<Response>
  readonly health: (request: Request) => Promise<Response>
}

export interface SourceTick {
  readonly tick: Tick
  /** What comes after it is of another session: streams end with it. */
  readonly isLast: boolean
}
