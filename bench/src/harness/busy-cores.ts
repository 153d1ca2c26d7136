/** How many cores were kept busy by everything but the benchmark. */
import { cpus } from 'node:os'

export class BusyCores {
  readonly #startedMs = performance.now()
  readonly #busyBeforeMs = busyMs()
  readonly #ownBefore = process.cpuUsage()

  /** @param trialCpuMs CPU that the trial's processes report to have used since then. */
  others(trialCpuMs: number): number {
    const { user, system } = process.cpuUsage(this.#ownBefore)
    const othersMs = busyMs() - this.#busyBeforeMs - (user + system) / 1000 - trialCpuMs
    return Math.max(0, othersMs / (performance.now() - this.#startedMs))
  }
}

function busyMs(): number {
  return cpus().reduce((total, { times }) => total + times.user + times.nice + times.sys + times.irq, 0)
}
