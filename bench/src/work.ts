/** What a work is: one thing that is measured, with whom, and what is expected of noormme in it. */
import type { ContestantName } from './contestants/contestants.ts'
import type { Synchronous } from './contestants/types.ts'
import type { FileName } from './files/files.ts'

/** `quick`: few rounds and short trials, to see where one stands. `full`: what results are published from. */
export type Size = 'quick' | 'full'

/** One row of a table: a contestant with the settings it runs under. */
export interface Lane {
  readonly name: string
  readonly contestant: ContestantName
  readonly synchronous: Synchronous
  readonly file: FileName
  /** Runs in a few rounds only: it is there to be seen, and nothing is expected beside it. */
  readonly fewRounds?: true
}

export interface Metric {
  /** Key in what a trial returns. */
  readonly name: string
  /** For the reader: what the number is, with its unit. */
  readonly title: string
  readonly better: 'higher' | 'lower'
  /** Judged by its worst round rather than the median: errors and losses. */
  readonly worst?: true
}

interface Expectation {
  readonly metric: string
  /** The lane of which it is expected. */
  readonly of: string
  readonly atLeast?: number
  readonly atMost?: number
}

/** What is expected of a lane of noormme's: beside other lanes (the best of them), by itself, or over another lane. */
export type Bar =
  | (Expectation & { readonly kind: 'ratio'; readonly to: readonly string[] })
  | (Expectation & { readonly kind: 'value' })
  | (Expectation & { readonly kind: 'difference'; readonly to: string })

export interface Trial {
  readonly lane: Lane
  readonly size: Size
  /** The trial's own copy of the lane's file. */
  readonly path: string
}

/** A value for every metric of the work; `childrenCpuMs` besides, where a trial starts processes of its own. */
export type Measured = Readonly<Record<string, number>>

export interface Work {
  /** For `--only`. */
  readonly name: string
  readonly title: string
  /** How it is measured, for the reader of the results. */
  readonly about: string
  readonly lanes: readonly Lane[]
  readonly metrics: readonly Metric[]
  readonly bars: readonly Bar[]
  readonly rounds: Readonly<Record<Size, number>>
  /** Left out of a quick run. */
  readonly fullOnly?: true
  run(trial: Trial): Promise<Measured>
}

interface LaneOptions {
  readonly synchronous?: readonly Synchronous[]
  readonly file?: FileName
}

/** A lane for each contestant, under each durability where there are several. */
export function lanesOf(contestants: readonly ContestantName[], options: LaneOptions = {}): readonly Lane[] {
  const { synchronous = ['FULL'], file = 'items' } = options
  return synchronous.flatMap((durability) =>
    contestants.map((contestant) => ({
      name: synchronous.length === 1 ? contestant : `${contestant}, ${durability}`,
      contestant,
      synchronous: durability,
      file,
      ...(PEERS.includes(contestant) ? { fewRounds: true as const } : {}),
    })),
  )
}

/** Those that something is expected beside. */
export const ALL: readonly ContestantName[] = ['noormme', 'better-sqlite3', 'drizzle prepared', 'drizzle', 'kysely']

/** Other ways to use a SQLite file. */
const PEERS: readonly ContestantName[] = [
  'knex',
  'typeorm',
  'mikro-orm',
  'prisma',
  'libsql',
  'node:sqlite',
  'better-sqlite3-pool',
]

/** The contestants of most works. */
export const EVERYBODY: readonly ContestantName[] = [...ALL, ...PEERS]
