/** What a run leaves behind, and the file it is kept in. */
import { readFile, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Size, Work } from '../work.ts'
import type { Machine } from './machine.ts'

export interface WorkRecord {
  readonly work: string
  readonly size: Size
  readonly command: string
  /** ISO 8601, UTC. */
  readonly date: string
  /** Median number of cores that other programs kept busy meanwhile. */
  readonly othersCores: number
  /** Values by lane and metric, one for each round. */
  readonly lanes: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
  /** Lanes without values, and why they have none. */
  readonly failed: Readonly<Record<string, string>>
}

export interface Results {
  readonly machine: Machine
  readonly works: readonly WorkRecord[]
}

/**
 * Adds `records` to those of earlier runs on the same machine with the same versions. Older ones of the same works go, and
 * so do those of works that have changed since.
 */
export async function saveResults(
  file: URL,
  { machine, works: records }: Results,
  works: readonly Work[],
): Promise<Results> {
  const before = await readResults(file)
  const earlier = before !== null && isDeepStrictEqual(before.machine, machine) ? before.works : []
  const measured = new Set(records.map(({ work }) => work))
  const kept = earlier.filter((record) => !measured.has(record.work) && works.some((work) => fits(record, work)))
  const text = JSON.stringify({ machine, works: [...kept, ...records] }, rounded, 2)
  await writeFile(file, `${onALine(text)}\n`)
  // As written: pages made of it now and later are the same.
  return JSON.parse(text)
}

/** Whether the record has what the work's tables and bars need. */
function fits(record: WorkRecord, work: Work): boolean {
  const measures = (lane: string): boolean => work.metrics.every(({ name }) => record.lanes[lane]?.[name] !== undefined)
  const known = (lane: string): boolean => measures(lane) || record.failed?.[lane] !== undefined
  return record.work === work.name && work.lanes.every(({ name }) => known(name))
}

/** `null`: there are none yet. */
export async function readResults(file: URL): Promise<Results | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The values of all rounds in one line, for those who look at what has changed. */
function onALine(json: string): string {
  return json.replaceAll(/\[\s+([-\d.,e+\s]+?)\s+\]/g, (_list, values: string) => `[${values.replaceAll(/\s+/g, ' ')}]`)
}

/** Five digits are more than any of these measurements is good for. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}
