/** What a life on a failing disk is, and what must be true of each. */
import { finished, startProgram } from './start-program.ts'
import type { UnitName } from './units.ts'
import type { WatchedDisk } from './watched-disk.ts'
import { lookAtUnits } from './witness.ts'

export interface DiskFault {
  readonly on: 'sync' | 'write'
  /** How often it fails from then on; -1: until it is told to stop. */
  readonly times: number
  readonly errno: number
}

export interface FailedWrite {
  readonly unit: UnitName
  readonly code: string
}

export interface Life {
  /** The database is `<name>.db`. */
  readonly name: string
  /** How often the disk has failed. */
  readonly fired: number
  readonly acknowledged: readonly UnitName[]
  readonly failed: readonly FailedWrite[]
  /** Codes of openings that failed. */
  readonly openings: readonly string[]
  /** Whether every write succeeded at its first attempt once the disk was well, without a new NOORMME. */
  readonly recovered: boolean
  readonly visible: readonly UnitName[]
  readonly broken: readonly string[]
  readonly integrity: string
}

/** The lives that the program reports, one for each of `nths`; `null`: on until one goes by without a fault. */
export async function livesOn(
  disk: WatchedDisk,
  fault: DiskFault,
  nths: readonly number[] | null,
  early = false,
): Promise<readonly Life[]> {
  const program = startProgram('failing-disk', { folder: disk.folder, fault, nths, early }, disk.environment)
  await finished(program)
  return program.lines.map((line) => JSON.parse(line) as Life)
}

/** What a life got wrong; nothing, if all is well. `codes` are those that a refused write may have. */
export function faultsOf(disk: WatchedDisk, life: Life, codes: ReadonlySet<string>): readonly string[] {
  const { acknowledged, failed, openings, recovered, broken, integrity } = life
  const uncertain = new Set(failed.filter(({ code }) => code === 'NOORMME_INDETERMINATE').map(({ unit }) => unit))
  const told = new Set([...acknowledged, ...uncertain])
  const visible = new Set(life.visible)
  const sight = lookAtUnits(`${disk.folder}/${life.name}.db`)
  const later = sight.damage === null ? [...sight.judgement.whole].sort() : sight.damage
  const problems = [
    ...acknowledged.filter((unit) => !visible.has(unit)).map((unit) => `${unit} was acknowledged and is not there`),
    ...life.visible.filter((unit) => !told.has(unit)).map((unit) => `${unit} was refused and is there`),
    ...broken,
    ...failed.filter(({ code }) => !codes.has(code)).map(({ unit, code }) => `${unit} failed with ${code}`),
    ...openings.filter((code) => !codes.has(code)).map((code) => `opening failed with ${code}`),
    ...(recovered ? [] : ['writing did not go on by itself']),
    ...(integrity === 'ok' ? [] : [`integrity_check says ${integrity}`]),
    ...(String(later) === String([...life.visible].sort()) ? [] : [`after closing there is something else: ${later}`]),
  ]
  return problems.map((problem) => `${life.name}: ${problem}`)
}
