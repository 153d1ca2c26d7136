/** Runs one work: its rounds, in each of them every lane once. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileForTrial, prepareFile } from '../files/files.ts'
import type { Lane, Measured, Size, Work } from '../work.ts'
import { BusyCores } from './busy-cores.ts'
import { orderOfRound } from './order.ts'
import type { WorkRecord } from './results.ts'
import { runChild } from './run-child.ts'
import { median } from './statistics.ts'

/** A trial beside which others kept more of a core busy than this is run once more, and the quieter of the two kept. */
const NOISY_CORES = 0.35

export interface RunOptions {
  readonly size: Size
  readonly rounds: number
  /** For files; belongs to this run. */
  readonly folder: string
  readonly command: string
}

interface Outcome {
  readonly measured: Measured
  readonly othersCores: number
}

export async function runWork(work: Work, options: RunOptions): Promise<WorkRecord> {
  const { size, rounds, folder, command } = options
  for (const { file } of work.lanes) await prepareFile(folder, file)

  const outcomes = new Map<string, Outcome[]>(work.lanes.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const lane of orderOfRound(work.lanes, round)) {
      const first = await runTrial(work, lane, options)
      const again = size === 'full' && first.othersCores > NOISY_CORES ? await runTrial(work, lane, options) : first
      outcomes.get(lane.name)?.push(again.othersCores < first.othersCores ? again : first)
    }
  }

  const all = [...outcomes.values()].flat()
  return {
    work: work.name,
    size,
    command,
    date: new Date().toISOString(),
    othersCores: median(all.map(({ othersCores }) => othersCores)),
    lanes: Object.fromEntries([...outcomes].map(([lane, list]) => [lane, valuesOf(work, list)])),
  }
}

async function runTrial(work: Work, lane: Lane, { folder, size }: RunOptions): Promise<Outcome> {
  const path = await fileForTrial(folder, lane.file, 'trial')
  const cores = new BusyCores()
  const { result, cpuMs } = await runChild({ kind: 'measure', work: work.name, trial: { lane, size, path } })
  const othersCores = cores.others(cpuMs + (result.childrenCpuMs ?? 0))
  await rm(join(folder, 'trial'), { recursive: true, force: true })
  return { measured: result, othersCores }
}

function valuesOf(work: Work, outcomes: readonly Outcome[]): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    work.metrics.map(({ name }) => [
      name,
      outcomes.map(({ measured }) => {
        const value = measured[name]
        if (value === undefined) throw new Error(`${work.name} did not measure ${name}`)
        return value
      }),
    ]),
  )
}
