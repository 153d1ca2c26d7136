/**
 * Every method in every state: what it does when it is called there, and that nothing which was promised outlives
 * `close()`. A new method fails the first test until it has a row, so that no misuse of it is left undefined.
 *
 *     ok     it works, with the result that stands with the call in `support/calls.ts`
 *     =text  it works, with this result
 *     waits  it works, once what is under way there has ended
 *     CODE   it is rejected with NOORMME_CODE
 *     a/b    a in WAL mode, b without it: there is one connection then, so reads wait where writes do, and a write
 *            inside a snapshot would wait for that snapshot. Nothing else differs, in memory neither.
 *
 * ENDED is TRANSACTION_ENDED. What makes each state stands in `support/situations.ts`.
 */
import { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { CALLS, type Call, DATABASE_CALLS, REPOSITORY_CALLS } from './support/calls.ts'
import { type Bench, KINDS, newBench, openBench, SITUATIONS, type State } from './support/situations.ts'
import { type Cell, readTable } from './support/table.ts'

const TABLE = `
                        | new           | idle | busy     | transaction | snapshot       | stream | detached | late        | closing       | closed        | failed
 initialize             | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | waits         | ok            | CONNECTION
 isInitialized          | =no           | =yes | =yes     | =yes        | =yes           | =yes   | =yes     | =yes        | =no           | =no           | =no
 getRepository          | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 getKysely              | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 execute (read)         | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 execute (write)        | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 batch                  | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 transaction            | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 snapshot               | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 detached               | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 migrate                | ok            | ok   | waits    | TRANSACTION | TRANSACTION    | ok     | waits    | TRANSACTION | CLOSED        | CLOSED        | CONNECTION
 optimize               | ok            | ok   | waits    | TRANSACTION | TRANSACTION    | ok     | waits    | TRANSACTION | CLOSED        | CLOSED        | CONNECTION
 integrityCheck         | ok            | ok   | ok/waits | TRANSACTION | TRANSACTION    | ok     | ok/waits | TRANSACTION | CLOSED        | CLOSED        | CONNECTION
 checkpoint             | ok            | ok   | ok       | TRANSACTION | TRANSACTION    | ok     | ok       | TRANSACTION | CLOSED        | CLOSED        | CONNECTION
 getSchemaInfo          | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | CLOSED        | CONNECTION
 refreshSchema          | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 startSchemaWatching    | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | CLOSED        | CONNECTION
 stopSchemaWatching     | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 onSchemaChange         | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 on                     | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 getSQLiteOptimizations | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findById               | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findOne                | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findAll                | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findAll (with)         | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findWithRelations      | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 loadRelationships      | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 withCount              | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findByName             | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 count                  | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 exists                 | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 paginate               | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 paginateByCursor       | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 stream                 | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 search                 | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 create                 | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 createMany             | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findOrCreate (found)   | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 findOrCreate (made)    | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 upsert                 | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 upsertMany             | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 update                 | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 updateMany             | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 increment              | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 delete                 | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 deleteMany             | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 Kysely select          | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 Kysely insert          | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 Kysely transaction     | ok            | ok   | waits    | ok          | ok/TRANSACTION | ok     | waits    | ENDED       | CLOSED        | CLOSED        | CONNECTION
 Kysely stream          | ok            | ok   | ok/waits | ok          | ok             | ok     | ok/waits | ENDED       | CLOSED        | CLOSED        | CONNECTION
 getConnectionStats     | =disconnected | ok   | ok       | ok          | ok             | ok     | ok       | ok          | =disconnected | =disconnected | =disconnected
 getPerformanceMetrics  | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 getSQLitePerformanceMetrics | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 getMetricsHistory      | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | ok            | ok
 getStatementPlan       | ok            | ok   | ok       | ok          | ok             | ok     | ok       | ok          | ok            | CLOSED        | CONNECTION
 healthCheck            | =unhealthy    | ok   | ok       | ok          | ok             | ok     | ok       | ok          | =unhealthy    | =unhealthy    | =unhealthy
 close                  | ok            | ok   | waits    | TRANSACTION | ok/TRANSACTION | ok     | waits    | ok          | waits         | ok            | ok
 destroy                | ok            | ok   | waits    | TRANSACTION | ok/TRANSACTION | ok     | waits    | ok          | waits         | ok            | ok
 [Symbol.asyncDispose]  | ok            | ok   | waits    | TRANSACTION | ok/TRANSACTION | ok     | waits    | ok          | waits         | ok            | ok
`.replaceAll('ENDED', 'TRANSACTION_ENDED')

const STATES = Object.keys(SITUATIONS) as State[]
/** They end the state for all others, so they are tried after each other on a database of their own. */
const CLOSERS = ['close', 'destroy', '[Symbol.asyncDispose]']

const methodOf = (call: string): string => call.replace(/ \(.*/, '')
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A call that was made, and what has become of it. */
interface Made {
  readonly name: string
  readonly call: Call
  readonly cell: Cell
  readonly outcome: Promise<PromiseSettledResult<unknown>>
  settled: boolean
}

function make(bench: Bench, name: string, call: Call, cell: Cell): Made {
  // A call that throws instead of rejecting is told apart: no method may.
  const returned = call.run(bench)
  const outcome = Promise.allSettled([returned]).then(([result]) => {
    made.settled = true
    return result
  })
  const made: Made = { name, call, cell, outcome, settled: false }
  return made
}

async function expectOutcome({ name, call, cell, outcome }: Made): Promise<void> {
  const result = await outcome
  if (cell.kind === 'rejects') {
    expect(result, name).toMatchObject({ status: 'rejected', reason: { code: cell.code } })
    return
  }
  if (result.status === 'rejected') throw new Error(`${name} was rejected`, { cause: result.reason })
  const gives = cell.kind === 'works' && cell.gives !== null ? cell.gives : call.gives
  if (typeof gives === 'object' && gives !== null) expect(result.value, name).toMatchObject(gives)
  else expect(result.value, name).toEqual(gives)
}

/** Makes the calls where it is called; those that do not wait must have the outcome that is expected of them. */
async function tryCalls(bench: Bench, calls: readonly string[], cells: (call: string) => Cell): Promise<Made[]> {
  const all: Made[] = []
  const waiting = () => all.filter(({ cell }) => cell.kind === 'waits')
  for (const name of calls) {
    const made = make(bench, name, CALLS[name] as Call, cells(name))
    all.push(made)
    if (made.cell.kind !== 'waits') await expectOutcome(made)
  }
  // What waits while the database is open, waits in the writer's queue.
  const queued = async (): Promise<number> => (await bench.db.getConnectionStats()).queuedWrites
  // A health check tells that its read has not been answered, and leaves it there for the next one.
  const left = calls.includes('healthCheck') && cells('execute (read)').kind === 'waits' ? 1 : 0
  if (bench.db.isInitialized()) await expect.poll(queued).toBe(waiting().length + left)
  await turn()
  expect(all.filter(({ settled }) => !settled)).toEqual(waiting())
  return all
}

/** Makes `calls` in a state, ends what is under way there, and closes; by then every promise must have settled. */
async function tryIn(
  state: State,
  bench: Bench,
  calls: readonly string[],
  cells: (call: string) => Cell,
): Promise<void> {
  const made: Made[] = []
  const { beside, end } = await SITUATIONS[state](bench, async () => {
    made.push(...(await tryCalls(bench, calls, cells)))
  })
  let left = beside.length
  for (const promise of beside) promise.catch(() => {}).finally(() => left--)
  end()
  for (const one of made) if (one.cell.kind === 'waits') await expectOutcome(one)

  await bench.db.close()

  await turn()
  expect(made.filter(({ settled }) => !settled).map(({ name }) => name)).toEqual([])
  expect(left, 'promises of what was under way').toBe(0)
}

describe('the matrix', () => {
  const methodsOf = (prototype: object): string[] =>
    Reflect.ownKeys(prototype)
      .filter((key) => key !== 'constructor')
      .map((key) => (typeof key === 'symbol' ? `[${key.description}]` : key))
  const named = (calls: Readonly<Record<string, Call>>): string[] =>
    [...new Set(Object.keys(calls).map(methodOf))].sort()

  test('has every method of a database, every state and every call', () => {
    expect(named(DATABASE_CALLS)).toEqual(methodsOf(NOORMME.prototype).sort())
    const rows = readTable(TABLE, true)
    expect([...rows.keys()].sort()).toEqual(Object.keys(CALLS).sort())
    for (const cells of rows.values()) expect([...cells.keys()]).toEqual(STATES)
  })

  test('has every method of a repository', async () => {
    const { db } = await openBench('memory')
    const ofTable = Object.getPrototypeOf(db.getRepository('users')) as object
    const methods = methodsOf(Object.getPrototypeOf(ofTable)).filter((name) => !name.startsWith('['))
    const finders = methodsOf(ofTable)
    expect(named(REPOSITORY_CALLS)).toEqual([...methods, 'findByName'].sort())
    expect(finders.every((name) => /^find(One|Many)?By(id|Id|name|Name)$/.test(name))).toBe(true)
  })
})

describe.each(KINDS)('on %s', (kind) => {
  const table = readTable(TABLE, kind === 'WAL')
  const cellsOf = (state: State) => (call: string) => table.get(call)?.get(state) as Cell
  const calls = Object.keys(CALLS).filter((call) => !CLOSERS.includes(call))

  // Before a file is opened its kind makes no difference; in memory there is nothing to read then.
  if (kind === 'WAL') {
    test.each([...calls, ...CLOSERS])('new: %s', (call) => tryIn('new', newBench(kind), [call], cellsOf('new')))
  }

  // In memory there is no file that could be in the way.
  const states = STATES.filter((state) => state !== 'new' && (state !== 'failed' || kind !== 'memory'))
  test.each(states)('%s', async (state) => {
    const bench = state === 'failed' ? newBench(kind) : await openBench(kind)
    // initialize() opens again what is closed.
    const opensAgain = state === 'closing' || state === 'closed'
    const others = calls.filter((call) => !opensAgain || call !== 'initialize')
    await tryIn(state, bench, others, cellsOf(state))
  })

  test.each(states)('%s: close', async (state) => {
    const bench = state === 'failed' ? newBench(kind) : await openBench(kind)
    await tryIn(state, bench, CLOSERS, cellsOf(state))
  })

  test.each(['closing', 'closed'] as const)('%s: initialize', async (state) => {
    const bench = await openBench(kind)
    await tryIn(state, bench, ['initialize'], cellsOf(state))
  })
})
