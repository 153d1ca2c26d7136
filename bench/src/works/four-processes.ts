import type { ContestantName } from '../contestants/contestants.ts'
import { ITEM_COUNT } from '../files/items.ts'
import { countItems } from '../measure/count-items.ts'
import { ProcessClients, type Tally } from '../measure/process-clients.ts'
import { withClient } from '../measure/with-client.ts'
import { EVERYBODY, lanesOf, type Measured, type Work } from '../work.ts'

const PROCESSES = 4
/** They do what the ones beside them do: the same driver, transactions that begin deferred. */
const LIKE_OTHERS: readonly ContestantName[] = ['knex', 'mikro-orm']
const PHASE_MS = { quick: 1000, full: 10_000 }

/** Several processes that write to one file. */
export const fourProcesses: Work = {
  name: 'four-processes',
  title: 'Four processes writing to one file',
  about:
    'In each process one caller inserts rows, then reads a counter, adds one and writes it in a transaction, the same counter ' +
    'in all of them. Nobody tries again after an error. Afterwards what was acknowledged is compared with what is there.',
  lanes: lanesOf([...EVERYBODY.filter((name) => !LIKE_OTHERS.includes(name)), 'better-sqlite3 immediate'], {
    synchronous: ['NORMAL'],
  }),
  metrics: [
    { name: 'inserts', title: 'inserts committed a second', better: 'higher' },
    { name: 'insertFairness', title: 'inserts: slowest process ÷ mean', better: 'higher' },
    { name: 'updates', title: 'read-modify-writes committed a second', better: 'higher' },
    { name: 'updateFairness', title: 'read-modify-writes: slowest process ÷ mean', better: 'higher' },
    { name: 'longestMs', title: 'longest call, ms', better: 'lower' },
    { name: 'busy', title: 'busy errors', better: 'lower', worst: true },
    { name: 'lost', title: 'acknowledged writes lost', better: 'lower', worst: true },
  ],
  bars: [
    { kind: 'value', metric: 'busy', of: 'noormme', atMost: 0 },
    { kind: 'value', metric: 'lost', of: 'noormme', atMost: 0 },
    { kind: 'value', metric: 'insertFairness', of: 'noormme', atLeast: 0.8 },
    { kind: 'value', metric: 'updateFairness', of: 'noormme', atLeast: 0.8 },
    { kind: 'ratio', metric: 'updates', of: 'noormme', to: ['drizzle'], atLeast: 1 },
    { kind: 'ratio', metric: 'updates', of: 'noormme', to: ['drizzle prepared'], atLeast: 1 },
  ],
  rounds: { quick: 1, full: 2 },
  run: async (trial) => {
    const phaseMs = PHASE_MS[trial.size]
    const clients = await ProcessClients.start(PROCESSES, trial)
    const inserted = await clients.run('insert', phaseMs)
    const updated = await clients.run('increment', phaseMs)
    await clients.end()

    const lost = await withClient(trial, async (client) => {
      const rows = (await countItems(client)) - ITEM_COUNT
      const counter = (await client.readOne('SELECT value FROM counters', [])) as { readonly value: number }
      return sum(inserted) - rows + (sum(updated) - Number(counter.value))
    })
    return { ...measured(inserted, updated, phaseMs), lost }
  },
}

function measured(inserted: readonly Tally[], updated: readonly Tally[], phaseMs: number): Measured {
  const all = [...inserted, ...updated]
  return {
    inserts: (sum(inserted) * 1000) / phaseMs,
    insertFairness: fairness(inserted),
    updates: (sum(updated) * 1000) / phaseMs,
    updateFairness: fairness(updated),
    longestMs: Math.max(...all.map(({ longestMs }) => longestMs)),
    busy: all.reduce((total, { busy }) => total + busy, 0),
    childrenCpuMs: updated.reduce((total, { cpuMs }) => total + cpuMs, 0),
  }
}

function sum(tallies: readonly Tally[]): number {
  return tallies.reduce((total, { committed }) => total + committed, 0)
}

function fairness(tallies: readonly Tally[]): number {
  return Math.min(...tallies.map(({ committed }) => committed)) / (sum(tallies) / tallies.length)
}
