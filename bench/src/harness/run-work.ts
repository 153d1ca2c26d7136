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
import type { Unfit } from './verify.ts'

/** A trial beside which others kept more of a core busy than this is run once more, and the quieter of the two kept. */
const NOISY_CORES = 0.35
/** Rounds of the lanes that have few. */
const FEW_ROUNDS = { quick: 1, full: 2 }

export interface RunOptions {
  readonly size: Size
  /** `null`: as many as the work says. */
  readonly rounds: number | null
  readonly unfit: Unfit
  /** For files; belongs to this run. */
  readonly folder: string
  readonly command: string
}

interface Outcome {
  readonly measured: Measured
  readonly othersCores: number
}

/** A lane that fails is not asked again; why it failed takes the place of its values. */
export async function runWork(work: Work, options: RunOptions): Promise<WorkRecord> {
  const { size, rounds, folder, command, unfit } = options
  for (const { file } of work.lanes) await prepareFile(folder, file)

  const outcomes = new Map<string, Outcome[]>()
  const failed = new Map(work.lanes.flatMap(({ name, contestant }) => pairOrNothing(name, unfit.get(contestant))))
  for (let round = 0; round < (rounds ?? work.rounds[size]); round++) {
    const taking = work.lanes.filter(({ fewRounds }) => !fewRounds || rounds !== null || round < FEW_ROUNDS[size])
    for (const lane of orderOfRound(taking, round)) {
      if (failed.has(lane.name)) continue
      try {
        const outcome = await runRound(work, lane, options)
        outcomes.set(lane.name, [...(outcomes.get(lane.name) ?? []), outcome])
      } catch (error) {
        failed.set(lane.name, error instanceof Error ? error.message : String(error))
        console.error(`  ${work.name} with ${lane.name}: ${failed.get(lane.name)}`)
      }
    }
  }

  const all = [...outcomes.values()].flat()
  const complete = [...outcomes].filter(([lane]) => !failed.has(lane))
  return {
    work: work.name,
    size,
    command,
    date: new Date().toISOString(),
    othersCores: all.length === 0 ? 0 : median(all.map(({ othersCores }) => othersCores)),
    lanes: Object.fromEntries(complete.map(([lane, list]) => [lane, valuesOf(work, list)])),
    failed: Object.fromEntries(failed),
  }
}

function pairOrNothing(lane: string, problem: string | undefined): readonly (readonly [string, string])[] {
  return problem === undefined ? [] : [[lane, problem]]
}

async function runRound(work: Work, lane: Lane, options: RunOptions): Promise<Outcome> {
  const first = await runTrial(work, lane, options)
  if (options.size === 'quick' || first.othersCores <= NOISY_CORES) return first
  const again = await runTrial(work, lane, options)
  return again.othersCores < first.othersCores ? again : first
}

async function runTrial(work: Work, lane: Lane, { folder, size }: RunOptions): Promise<Outcome> {
  const path = await fileForTrial(folder, lane.file, 'trial')
  const cores = new BusyCores()
  try {
    const { result, cpuMs } = await runChild({ kind: 'measure', work: work.name, trial: { lane, size, path } })
    return { measured: result, othersCores: cores.others(cpuMs + (result.childrenCpuMs ?? 0)) }
  } finally {
    await rm(join(folder, 'trial'), { recursive: true, force: true })
  }
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
