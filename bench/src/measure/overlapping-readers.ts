/** A process that always has a read transaction open on a file: each lasts some time, and the next begins at its half. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export class OverlappingReaders {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Resolves when the first transaction is open. */
  static async start(path: string): Promise<OverlappingReaders> {
    const child = fork(new URL('./reading-process.ts', import.meta.url), [path])
    await once(child, 'message')
    return new OverlappingReaders(child)
  }

  /** Resolves with the CPU that it has used (ms). */
  async end(): Promise<number> {
    this.#child.send('end')
    const [cpuMs] = await once(this.#child, 'message')
    this.#child.disconnect()
    return cpuMs
  }
}
