import { contains } from '../harness/contains.ts'
import { repeatFor } from '../measure/repeat-for.ts'
import { Stopwatch } from '../measure/stopwatch.ts'
import { mixOf, QUESTIONS, questionsAt } from '../shop/questions.ts'
import { loadShop } from '../shop/shops.ts'
import type { Question, Shop } from '../shop/types.ts'
import { type Bar, EVERYBODY, type Lane, lanesOf, type Trial, type Work } from '../work.ts'

const WARM_MS = { quick: 30, full: 100 }
const MEASURE_MS = { quick: 60, full: 200 }
/** The mix takes this many times as long as one question. */
const MIX = 5
/** What is compared before a trial is timed. */
const SAMPLES = [0, 7, 50, 61]

const WITHOUT = 'noormme without its extension'

export const northwind = work(1, 'Pages of a shop', '91 customers, 830 orders, 5,000 lines')
export const largeNorthwind = work(100, 'Pages of a large shop', '9,100 customers, 83,000 orders, 498,000 lines')

function work(scale: 1 | 100, title: string, rows: string): Work {
  return {
    name: scale === 1 ? 'northwind' : 'northwind-100',
    title,
    about:
      `One caller asks the thirteen questions of Drizzle's own benchmark of a trading company (${rows}): lists, searches, ` +
      'rows with those that belong to them, totals. Questions a second: in the mix in which that benchmark asks them, the ' +
      'geometric mean of all thirteen, and each. Before a trial is timed its answers are compared with those of better-sqlite3.',
    lanes: lanes(scale),
    metrics: [
      { name: 'mix', title: 'mix', better: 'higher' },
      { name: 'mean', title: 'geometric mean', better: 'higher' },
      ...QUESTIONS.map((name) => ({ name, title: name, better: 'higher' as const })),
    ],
    bars: [
      beside('noormme', 'drizzle prepared', 'mean', 2),
      beside('noormme', 'better-sqlite3', 'mean', 1.2),
      beside(WITHOUT, 'drizzle prepared', 'mean', 1.25),
      ...QUESTIONS.map((name) => beside('noormme', 'drizzle prepared', name, 1)),
      ...QUESTIONS.map((name) => beside(WITHOUT, 'drizzle prepared', name, 0.85)),
    ],
    rounds: { quick: 2, full: 8 },
    async run(trial) {
      process.env.NOORMME_NATIVE = trial.lane.name === WITHOUT ? '0' : '1'
      const expected = await answersOfDriver(trial, scale)
      const shop = await (await loadShop(trial.lane.contestant))(trial.path, trial.lane.synchronous)
      try {
        await compare(shop, scale, expected)
        return await measure(shop, trial, scale)
      } finally {
        await shop.close()
      }
    },
  }
}

function lanes(scale: 1 | 100): readonly Lane[] {
  const file = scale === 1 ? 'northwind' : 'northwind-100'
  return lanesOf(EVERYBODY, { file }).flatMap((lane) =>
    lane.contestant === 'noormme' ? [lane, { ...lane, name: WITHOUT }] : [lane],
  )
}

function beside(of: string, to: string, metric: string, atLeast: number): Bar {
  return { kind: 'ratio', metric, of, to: [to], atLeast }
}

async function measure(shop: Shop, { size }: Trial, scale: number): Promise<Record<string, number>> {
  const questions = questionsAt(scale)
  const perSecond: Record<string, number> = {}
  for (const name of QUESTIONS) {
    perSecond[name] = await rate(WARM_MS[size], MEASURE_MS[size], (index) => questions[name].ask(shop, index))
  }
  const logarithms = Object.values(perSecond).map(Math.log)
  const mean = Math.exp(logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length)

  const requests = mixOf(questions)
  const mix = await rate(WARM_MS[size], MIX * MEASURE_MS[size], (index) => {
    const name = requests[index % requests.length]
    return name === undefined ? undefined : questions[name].ask(shop, index)
  })
  return { mix, mean, ...perSecond }
}

async function rate(warmMs: number, measureMs: number, ask: (index: number) => unknown): Promise<number> {
  await repeatFor(warmMs, ask)
  const watch = new Stopwatch()
  const answers = await repeatFor(measureMs, ask)
  return (answers * 1000) / watch.wallMs()
}

/** Closed again before the contestant opens the file: two copies of SQLite in a process do not see each other's locks. */
async function answersOfDriver({ path, lane }: Trial, scale: number): Promise<ReadonlyMap<string, unknown>> {
  const driver = await (await loadShop('better-sqlite3'))(path, lane.synchronous)
  const questions = questionsAt(scale)
  const answers = new Map<string, unknown>()
  for (const name of QUESTIONS) {
    for (const index of SAMPLES) answers.set(sample(name, index), await questions[name].ask(driver, index))
  }
  await driver.close()
  return answers
}

async function compare(shop: Shop, scale: number, expected: ReadonlyMap<string, unknown>): Promise<void> {
  const questions = questionsAt(scale)
  for (const name of QUESTIONS) {
    for (const index of SAMPLES) {
      const answer = await questions[name].ask(shop, index)
      if (!contains(answer, expected.get(sample(name, index)))) {
        throw new Error(`${name} answers something else than better-sqlite3`)
      }
    }
  }
}

const sample = (name: Question, index: number): string => `${name} ${index}`
