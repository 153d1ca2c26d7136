/**
 * Keeps the statistics of the query planner up to date: a while after opening, once a day, and when asked. (At close the
 * writer's thread does it once more.)
 *
 * The work is done inside a hold on the writer, so it waits in its queue like a transaction, and for other processes
 * like one. What SQLite would do is asked first (https://sqlite.org/pragma.html#pragma_optimize), and mostly that is
 * nothing: then nothing is written. The timers do not keep the process alive.
 */
import type { Channel } from '../thread/channel.ts'
import { OPTIMIZE_MASK } from '../thread/optimize-mask.ts'
import type { HoldOutcome } from '../thread/protocol.ts'
import { toResultSet } from '../thread/results.ts'
import type { OptimizeResult } from '../types.ts'

/** After opening (ms): a program that opens, works and ends has ended by then, and a server has better to do at first. */
const FIRST_RUN_MS = 1_000
/** From then on (ms): SQLite's own advice for connections that stay open is once a day, or more often. */
const INTERVAL_MS = 86_400_000

/** Bit 1: tell, and do nothing. */
const ASK = `PRAGMA optimize=${OPTIMIZE_MASK | 1}`
const ACT = `PRAGMA optimize=${OPTIMIZE_MASK}`

export interface OptimizerOptions {
  readonly hold: () => Promise<{
    readonly channel: Channel
    readonly begun: Promise<unknown>
    readonly release: (outcome: HoldOutcome) => void
  }>
  /** Lets every other connection use the statistics, which each reads only once. */
  readonly onChange: () => void
  readonly firstRunMs?: number
  readonly intervalMs?: number
}

export class Optimizer {
  readonly #options: OptimizerOptions
  #timer: NodeJS.Timeout | null = null

  constructor(options: OptimizerOptions) {
    this.#options = options
  }

  /** Runs by itself from now on, until {@link Optimizer.stop}. */
  start(): void {
    this.#schedule(this.#options.firstRunMs ?? FIRST_RUN_MS)
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  async run(): Promise<OptimizeResult> {
    const { channel, begun, release } = await this.#options.hold()
    const start = performance.now()
    let committed = false
    try {
      await begun
      const ask = await channel.request('run', { sql: ASK, parameters: [] })
      const statements = toResultSet(ask).rows.map(({ optimize }) => String(optimize))
      if (statements.length > 0) {
        await channel.request('run', { sql: ACT, parameters: [] })
        await channel.request('commit', null)
        committed = true
        this.#options.onChange()
      }
      return { statements, durationMs: performance.now() - start }
    } finally {
      // A thread that has died has rolled back as well.
      if (!committed) await channel.request('rollback', null).catch(() => null)
      release({ committed, broken: channel.inTransaction })
    }
  }

  #schedule(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#schedule(this.#options.intervalMs ?? INTERVAL_MS)
      // Nobody asked for it, and old statistics are no error: what ails the file is told to the next call that needs it.
      this.run().catch(() => {})
    }, afterMs).unref()
  }
}
