/** Time and main-thread CPU since it was started. */
export class Stopwatch {
  readonly #startedMs = performance.now()
  readonly #cpuBefore = process.threadCpuUsage()

  wallMs(): number {
    return performance.now() - this.#startedMs
  }

  /** What the main thread has used; what other threads of the process did is not in it. */
  mainThreadCpuMs(): number {
    const { user, system } = process.threadCpuUsage(this.#cpuBefore)
    return (user + system) / 1000
  }
}
