/**
 * Calls that end at random moments, under load, in one process: each is stopped or has its true outcome, and nobody else
 * notices. What was refused has left nothing, what was acknowledged is there once, every other call has the right rows.
 */
import { existsSync, readdirSync } from 'node:fs'
import type { NOORMME } from 'noormme'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ENDLESS, hasNative } from '../support/native.ts'
import { tempDatabase } from '../support/temp-database.ts'
import { ACCOUNTS, EVERYTHING, openBank, sumOf, wrongAccounts } from './support/bank.ts'
import { type Chance, chance, SOAK } from './support/seed.ts'

const MINUTES = 60_000
const ABORTS = SOAK ? 10_000 : 400
const CLIENTS = 12
/** Rows that streams read. */
const ROWS = 300
/** A statement aborted at a random moment has so long at most (ms). */
const LONGEST_MS = 4

/** Sums the numbers up to its parameter: takes as long as that is large. */
const SUM = 'WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < ?) SELECT sum(v) AS s FROM n'
const sumUpTo = (n: number): number => (n * (n + 1)) / 2

interface Load {
  readonly db: NOORMME
  readonly draw: Chance
  /** What became of each transfer: nothing is known of those that are under way. */
  readonly transfers: Map<number, 'done' | 'refused'>
  aborts: number
}

/** A signal that aborts at a random moment: at once, in a turn of the loop, or some milliseconds from now. */
function soon(load: Load): AbortSignal {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  load.aborts++
  const when = load.draw.between(0, 5)
  if (when === 0) queueMicrotask(abort)
  else if (when === 1) setImmediate(abort)
  else setTimeout(abort, load.draw.next() * LONGEST_MS)
  return controller.signal
}

/** What it came to, or `null` when it was aborted; anything else is thrown. */
async function unlessAborted<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'NOORMME_ABORTED' || code === 'NOORMME_TRANSACTION_ENDED') return null
    throw error
  }
}

/** Reads that nobody aborts have their rows, whatever is aborted beside them. */
const undisturbed: readonly ((load: Load) => Promise<void>)[] = [
  async ({ db, draw }) => {
    const n = draw.between(1, 20_000)
    expect((await db.execute(SUM, [n])).rows).toEqual([{ s: sumUpTo(n) }])
  },
  async ({ db, draw }) => {
    // Known to be short, and now and then long.
    const n = draw.next() < 0.02 ? 200_000 : 3
    expect((await db.execute(`${SUM} -- short`, [n])).rows).toEqual([{ s: sumUpTo(n) }])
  },
  async ({ db }) => {
    const seen: unknown[] = []
    for await (const row of db.getKysely().selectFrom('rows').select('v').stream(50)) seen.push(row)
    expect(seen).toEqual(Array.from({ length: ROWS }, (_, v) => ({ v })))
  },
  async ({ db }) => {
    const sum = await db.snapshot((snapshot) => sumOf(snapshot, () => db.detached(() => db.execute(SUM, [1000]))))
    expect(sum).toBe(EVERYTHING)
  },
]

const aborted: readonly ((load: Load) => Promise<void>)[] = [
  async (load) => {
    const n = load.draw.between(1, 2_000_000)
    const outcome = await unlessAborted(load.db.execute(SUM, [n], { signal: soon(load) }))
    if (outcome !== null) expect(outcome.rows).toEqual([{ s: sumUpTo(n) }])
  },
  async (load) => {
    expect(await unlessAborted(load.db.execute(ENDLESS, [], { signal: soon(load) }))).toBe(null)
  },
  async (load) => {
    const endless = `INSERT INTO rows SELECT v FROM (${ENDLESS.replace('SELECT count(*)', 'SELECT count(*) AS v')})`
    expect(await unlessAborted(load.db.execute(endless, [], { signal: soon(load) }))).toBe(null)
  },
  async (load) => {
    const { db } = load
    const sum = await unlessAborted(
      db.snapshot(
        async (snapshot) => {
          const before = await sumOf(snapshot, async () => {})
          const read = await unlessAborted(snapshot.execute(SUM, [500_000], { signal: soon(load) }))
          if (read !== null) expect(read.rows).toEqual([{ s: sumUpTo(500_000) }])
          return before + (await sumOf(snapshot, async () => {}))
        },
        load.draw.next() < 0.5 ? { signal: soon(load) } : {},
      ),
    )
    if (sum !== null) expect(sum).toBe(2 * EVERYTHING)
  },
]

/** The two halves of a transfer, slow now and then, and its note. */
function parts(draw: Chance, id: number) {
  const [source, target, amount] = [draw.between(1, ACCOUNTS), draw.between(1, ACCOUNTS), draw.between(1, 9)]
  const slow = draw.next() < 0.3 ? ` + 0 * (SELECT count(*) FROM (${SUM.replace('?', '50000')}))` : ''
  return [
    { sql: `UPDATE accounts SET balance = balance - ?${slow} WHERE id = ?`, parameters: [amount, source] },
    { sql: 'UPDATE accounts SET balance = balance + ? WHERE id = ?', parameters: [amount, target] },
    { sql: 'INSERT INTO transfers VALUES (?, ?, ?, ?)', parameters: [id, source, target, amount] },
  ]
}

async function transfer(load: Load, id: number): Promise<void> {
  const { db, draw, transfers } = load
  const statements = parts(draw, id)
  const limits = draw.next() < 0.6 ? { signal: soon(load) } : {}
  const inside = draw.next() < 0.5
  const made: Promise<unknown> = inside
    ? db.transaction(async (tx) => {
        for (const { sql, parameters } of statements) {
          await tx.execute(sql, parameters, draw.next() < 0.1 ? { signal: soon(load) } : {})
        }
        return true
      }, limits)
    : db.batch(statements, limits)
  transfers.set(id, (await unlessAborted(made)) === null ? 'refused' : 'done')
}

const threads = (): number => (existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : 0)
const connectionsOf = async (db: NOORMME) => (await db.getConnectionStats()).connections

test.skipIf(!hasNative)(
  'calls that are aborted at random leave everybody else, the file and the process as they were',
  async () => {
    vi.stubEnv('NOORMME_NATIVE', '1')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { db } = tempDatabase({ performance: { readers: 3, transactionTimeout: 60_000 } })
    await openBank(db)
    await db.execute('CREATE TABLE rows (v INTEGER)')
    await db.batch(Array.from({ length: ROWS }, (_, v) => ({ sql: 'INSERT INTO rows VALUES (?)', parameters: [v] })))
    const load: Load = { db, draw: chance('aborts'), transfers: new Map(), aborts: 0 }
    let ids = 0
    const client = async (until: number): Promise<void> => {
      while (load.aborts < until) {
        const kind = load.draw.between(0, 2)
        if (kind === 0) await load.draw.pick(undisturbed)(load)
        else if (kind === 1) await load.draw.pick(aborted)(load)
        else await transfer(load, ++ids)
      }
    }
    const run = async (until: number) => {
      await Promise.all(Array.from({ length: CLIENTS }, () => client(until)))
      const resources = process.getActiveResourcesInfo().length
      return { threads: threads(), resources, rss: process.memoryUsage().rss }
    }

    const half = await run(ABORTS / 2)
    const whole = await run(ABORTS)

    expect(await sumOf(db, async () => {})).toBe(EVERYTHING)
    expect(await wrongAccounts(db)).toEqual([])
    const kept = (await db.execute<{ id: number }>('SELECT id FROM transfers ORDER BY id')).rows.map(({ id }) => id)
    const told = [...load.transfers].filter(([, outcome]) => outcome === 'done').map(([id]) => id)
    expect(kept).toEqual(told.toSorted((a, b) => a - b))
    expect(load.transfers.size).toBe(ids)

    const labels = (await connectionsOf(db)).map(({ label }) => label)
    expect(labels.filter((label) => label.startsWith('reader')).length).toBeLessThanOrEqual(3)
    expect(whole.threads).toBeLessThanOrEqual(half.threads + 1)
    expect(whole.resources).toBeLessThanOrEqual(half.resources + 10)
    expect(whole.rss - half.rss).toBeLessThan(100 * 2 ** 20)
    expect(await db.checkpoint('TRUNCATE')).toMatchObject({ result: 'complete' })
  },
  30 * MINUTES,
)
