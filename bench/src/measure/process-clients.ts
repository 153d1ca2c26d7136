/** Several processes with a connection of the same contestant each, which work at the same time on one file. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Lane, Trial } from '../work.ts'

/** What one process did in a phase. */
export interface Tally {
  readonly committed: number
  readonly busy: number
  readonly longestMs: number
  /** CPU that the process has used since its start. */
  readonly cpuMs: number
}

export type Phase = 'insert' | 'increment'

/** From parent to process, one after another; the process answers each with a `Tally`, the first with `'ready'`. */
export type Order = { readonly open: Lane; readonly path: string } | { readonly phase: Phase; readonly forMs: number }

export class ProcessClients {
  readonly #children: readonly ChildProcess[]

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children
  }

  /** Resolves when all of them have opened the file. */
  static async start(count: number, { lane, path }: Trial): Promise<ProcessClients> {
    const entry = new URL('./process-client.ts', import.meta.url)
    const clients = new ProcessClients(Array.from({ length: count }, () => fork(entry)))
    await Promise.all(clients.#children.map((child) => ask(child, { open: lane, path })))
    return clients
  }

  run(phase: Phase, forMs: number): Promise<Tally[]> {
    return Promise.all(this.#children.map(async (child) => (await ask(child, { phase, forMs })) as Tally))
  }

  /** Lets them close the file and end. */
  async end(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        const ended = once(child, 'exit')
        child.disconnect()
        await ended
      }),
    )
  }
}

function ask(child: ChildProcess, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a client process ended with exit code ${code}`))
    child.once('exit', ended)
    child.once('message', (answer) => {
      child.off('exit', ended)
      resolve(answer)
    })
    child.send(order)
  })
}
