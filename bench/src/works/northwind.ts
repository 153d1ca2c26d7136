import { isDeepStrictEqual } from 'node:util'
import type { FileName } from '../files/files.ts'
import { CUSTOMERS, ORDERS, PRODUCTS } from '../files/northwind.ts'
import { repeatFor } from '../measure/repeat-for.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import type { OpenShop, Question, Shop } from '../shop/types.ts'
import { type Bar, type Lane, lanesOf, type Trial, type Work } from '../work.ts'

const WARM_MS = { quick: 60, full: 250 }
const MEASURE_MS = { quick: 100, full: 400 }

type Ask = (shop: Shop, index: number) => unknown

/** Every question with arguments that change from call to call. */
const questions = (scale: number): Readonly<Record<Question, Ask>> => ({
  customers: (shop, index) => shop.customers(20, (index % 4) * 20),
  customerById: (shop, index) => shop.customerById(1 + (index % (CUSTOMERS * scale))),
  customerSearch: (shop, index) => shop.customerSearch(`r ${index % 10}`),
  ordersOfCustomer: (shop, index) => shop.ordersOfCustomer(1 + (index % (CUSTOMERS * scale))),
  employeeWithManager: (shop, index) => shop.employeeWithManager(1 + (index % 9)),
  productWithSupplier: (shop, index) => shop.productWithSupplier(1 + (index % (PRODUCTS * scale))),
  orderWithDetails: (shop, index) => shop.orderWithDetails(1 + (index % (ORDERS * scale))),
  orderTotals: (shop, index) => shop.orderTotals(20, (index % 10) * 20),
})
const NAMES = Object.keys(questions(1)) as Question[]

const WITHOUT = 'noormme without its extension'

function lanes(file: FileName): readonly Lane[] {
  const [noormme, ...others] = lanesOf(['noormme', 'better-sqlite3', 'drizzle prepared', 'kysely'], { file })
  return noormme === undefined ? [] : [noormme, { ...noormme, name: WITHOUT }, ...others]
}

const beside = (of: string, to: string, metric: string, atLeast: number): Bar => ({
  kind: 'ratio',
  metric,
  of,
  to: [to],
  atLeast,
})

function work(scale: 1 | 100, title: string, rows: string): Work {
  return {
    name: scale === 1 ? 'northwind' : 'northwind-100',
    title,
    about:
      `One caller asks what pages of a trading company ask (${rows}): lists, searches, joins, totals; questions a ` +
      'second, and their geometric mean. noormme answers lists and searches through repositories, joins through SQL. ' +
      'Before a trial is timed its answers are compared with those of better-sqlite3.',
    lanes: lanes(scale === 1 ? 'northwind' : 'northwind-100'),
    metrics: [
      { name: 'mean', title: 'geometric mean', better: 'higher' },
      ...NAMES.map((name) => ({ name, title: name, better: 'higher' as const })),
    ],
    bars: [
      beside('noormme', 'drizzle prepared', 'mean', 2),
      beside('noormme', 'better-sqlite3', 'mean', 1.2),
      beside(WITHOUT, 'drizzle prepared', 'mean', 1.25),
      ...NAMES.map((name) => beside('noormme', 'drizzle prepared', name, 1)),
      ...NAMES.map((name) => beside(WITHOUT, 'drizzle prepared', name, 0.85)),
    ],
    rounds: { quick: 2, full: 20 },
    async run(trial) {
      process.env.NOORMME_NATIVE = trial.lane.name === WITHOUT ? '0' : '1'
      const shop = await openShop(trial.lane, trial.path)
      try {
        await compareWithDriver(shop, trial.path, scale)
        return await measure(shop, trial, scale)
      } finally {
        await shop.close()
      }
    },
  }
}

export const northwind = work(1, 'Pages of a shop', '91 customers, 830 orders, 5,000 lines')
export const largeNorthwind = work(100, 'Pages of a large shop', '9,100 customers, 83,000 orders, 498,000 lines')

async function measure(shop: Shop, { size }: Trial, scale: number): Promise<Record<string, number>> {
  const asked = questions(scale)
  const perSecond: Record<string, number> = {}
  for (const name of NAMES) {
    const ask = (index: number) => asked[name](shop, index)
    await repeatFor(WARM_MS[size], ask)
    const watch = new Stopwatch()
    const answers = await repeatFor(MEASURE_MS[size], ask)
    perSecond[name] = (answers * 1000) / watch.wallMs()
  }
  const logarithms = Object.values(perSecond).map(Math.log)
  return { mean: Math.exp(logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length), ...perSecond }
}

async function openShop({ contestant }: Lane, path: string): Promise<Shop> {
  const open: Partial<Record<Lane['contestant'], () => Promise<OpenShop>>> = {
    noormme: async () => (await import('../shop/noormme.ts')).openNoormmeShop,
    'better-sqlite3': async () => (await import('../shop/better-sqlite3.ts')).openBetterSqlite3Shop,
    'drizzle prepared': async () => (await import('../shop/drizzle-prepared.ts')).openDrizzlePreparedShop,
    kysely: async () => (await import('../shop/kysely.ts')).openKyselyShop,
  }
  const load = open[contestant]
  if (load === undefined) throw new Error(`${contestant} has no shop`)
  return (await load())(path)
}

async function compareWithDriver(shop: Shop, path: string, scale: number): Promise<void> {
  const { openBetterSqlite3Shop } = await import('../shop/better-sqlite3.ts')
  const driver = openBetterSqlite3Shop(path)
  const asked = questions(scale)
  try {
    for (const name of NAMES) {
      for (const index of [0, 7, 50]) {
        const [ours, theirs] = [await asked[name](shop, index), await asked[name](driver, index)]
        // Plain data, whatever the contestant makes its rows of.
        if (!isDeepStrictEqual(JSON.parse(JSON.stringify(ours)), JSON.parse(JSON.stringify(theirs)))) {
          throw new Error(`${name} returns something else than better-sqlite3`)
        }
      }
    }
  } finally {
    await driver.close()
  }
}
