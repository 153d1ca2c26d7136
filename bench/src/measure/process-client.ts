/** One process of several that write to one file: opens it, does what its parent orders, closes it at the end. */
import { openContestant } from '../contestants/contestants.ts'
import type { Client } from '../contestants/types.ts'
import { makeItem } from '../files/items.ts'
import type { Order, Phase, Tally } from './process-clients.ts'

const SQLITE_BUSY = 5

let client: Client | null = null

process.on('message', async (order: Order) => {
  if ('open' in order) {
    const open = await openContestant(order.open.contestant)
    client = await open(order.path, order.open.synchronous)
    process.send?.('ready')
  } else if (client !== null) {
    process.send?.(await work(client, order.phase, order.forMs))
  }
})

process.on('disconnect', () => client?.close())

async function work(database: Client, phase: Phase, forMs: number): Promise<Tally> {
  const end = performance.now() + forMs
  let committed = 0
  let busy = 0
  let longestMs = 0
  for (let index = 0, now = performance.now(); now < end; index++) {
    try {
      await (phase === 'insert' ? database.create(makeItem(index)) : database.increment())
      committed++
    } catch (error) {
      if (!isBusy(error)) throw error
      busy++
    }
    const after = performance.now()
    longestMs = Math.max(longestMs, after - now)
    now = after
  }
  const { user, system } = process.cpuUsage()
  return { committed, busy, longestMs, cpuMs: (user + system) / 1000 }
}

interface DriverError extends Error {
  readonly code?: unknown
  /** SQLite's own number, in errors of `node:sqlite`. */
  readonly errcode?: number
}

/** `SQLITE_BUSY` and its kinds, and whatever an error above them is called. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, errcode, message, cause } = error as DriverError
  const prismaTimedOut = code === 'P1008' || code === 'P2028'
  return (
    (typeof code === 'string' && /_BUSY/.test(code)) ||
    (errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY) ||
    prismaTimedOut ||
    /database is locked/i.test(message) ||
    isBusy(cause)
  )
}
