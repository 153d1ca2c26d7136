/** Every work, in the order of the results. */
import type { Work } from '../work.ts'
import { aggregate } from './aggregate.ts'
import { archiving } from './archiving.ts'
import { backup } from './backup.ts'
import { concurrentReads } from './concurrent-reads.ts'
import { createMany } from './create-many.ts'
import { createByManyClients, createByOneClient } from './create-rows.ts'
import { dashboards } from './dashboards.ts'
import { findAll } from './find-all.ts'
import { findById } from './find-by-id.ts'
import { fourProcesses } from './four-processes.ts'
import { keptResults } from './kept-results.ts'
import { kyselyInserts } from './kysely-inserts.ts'
import { logGrowth } from './log-growth.ts'
import { memory } from './memory.ts'
import { largeNorthwind, northwind } from './northwind.ts'
import { opening } from './opening.ts'
import { recording } from './recording.ts'
import { restore } from './restore.ts'
import { startUp } from './start-up.ts'
import { stopping } from './stopping.ts'
import { timer } from './timer.ts'

export const WORKS: readonly Work[] = [
  findById,
  concurrentReads,
  createByOneClient,
  createByManyClients,
  createMany,
  findAll,
  northwind,
  largeNorthwind,
  aggregate,
  keptResults,
  recording,
  dashboards,
  stopping,
  timer,
  logGrowth,
  backup,
  restore,
  archiving,
  fourProcesses,
  opening,
  memory,
  startUp,
  kyselyInserts,
]
