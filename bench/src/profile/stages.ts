/**
 * Times calls one by one, each stage in turn and again, and keeps the best round of each: what other programs on the
 * machine took is in every round but some.
 */
const ROUNDS = 12

export interface Timing {
  /** µs */
  readonly least: number
  readonly median: number
}

export type Stages = Readonly<Record<string, () => unknown>>

/** @param calls of each stage in each round. */
export async function timeStages(stages: Stages, calls: number): Promise<Record<string, Timing>> {
  const best: Record<string, Timing> = {}
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(stages)) {
      const timing = await timeCalls(run, calls)
      const before = best[name]
      if (before === undefined || timing.median < before.median) best[name] = timing
    }
  }
  return best
}

async function timeCalls(run: () => unknown, calls: number): Promise<Timing> {
  const times = new Float64Array(calls)
  for (let call = 0; call < calls; call++) {
    const start = performance.now()
    const result = run()
    if (result instanceof Promise) await result
    times[call] = (performance.now() - start) * 1000
  }
  times.sort()
  return { least: times[0] ?? 0, median: times[calls >> 1] ?? 0 }
}

export function printTimings(title: string, timings: Readonly<Record<string, Timing>>): void {
  console.log(`\n${title}`)
  for (const [name, { least, median }] of Object.entries(timings)) {
    console.log(
      `${name.padEnd(56)} ${least.toFixed(2).padStart(8)} µs at least, ${median.toFixed(2).padStart(8)} median`,
    )
  }
}

/** Processor time of the main thread and of the whole process, in µs a call, while `run` made `calls`. */
export async function processorTime(calls: number, run: () => Promise<void>): Promise<{ main: number; all: number }> {
  const process_ = process.cpuUsage()
  const thread = process.threadCpuUsage()
  await run()
  const main = process.threadCpuUsage(thread)
  const all = process.cpuUsage(process_)
  return { main: (main.user + main.system) / calls, all: (all.user + all.system) / calls }
}
