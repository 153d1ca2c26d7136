/** Sends visitors through a running gallery and reports how it went: `npm run load -w dreambeesart -- --visitors 40`. */
import { parseArgs } from 'node:util'
import { createRandom } from '../lib/art/random.ts'
import { createReport } from './report.ts'
import { createVisitor } from './visitor.ts'

/** How long the first answer may take before anybody is sent in. */
const PROBE_MS = 10_000

const USAGE = `Sends realistic visitors to a running gallery: they browse, search, like, comment and buy.

  npm run load -w dreambeesart -- [--url http://localhost:3000] [--visitors 24] [--seconds 60] [--pause 300]

  --url       the gallery, on this machine
  --visitors  how many at a time, 1 to 500
  --seconds   for how long, 1 to 3600
  --pause     milliseconds a visitor looks at a page on average, 0 to 10000`

process.exitCode = await run()

async function run(): Promise<number> {
  const values = readFlags()
  if (values === null || values.help) {
    console.log(USAGE)
    return values === null ? 2 : 0
  }
  const visitors = whole(values.visitors, 1, 500)
  const seconds = whole(values.seconds, 1, 3600)
  const pauseMs = whole(values.pause, 0, 10_000)
  const base = URL.canParse(values.url) ? new URL(values.url) : null
  if (visitors === null || seconds === null || pauseMs === null || base === null || !isThisMachine(base)) {
    console.error(`${USAGE}\n\nThe address is expected to be on this machine, the numbers within their ranges.`)
    return 2
  }

  if (!(await answers(base))) {
    console.error(`Nothing answers at ${base.origin}: run npm start first`)
    return 2
  }

  const report = createReport(seconds)
  const end = Date.now() + seconds * 1000
  const stop = AbortSignal.timeout(seconds * 1000)
  const isOver = (): boolean => Date.now() >= end || report.isHopeless()
  process.once('SIGINT', () => report.giveUp())

  const ticker = setInterval(() => report.progress(), 250)
  await Promise.all(
    Array.from({ length: visitors }, async (_, lane) => {
      for (let visit = 0; !isOver(); visit++) {
        const random = createRandom(lane * 100_003 + visit)
        await createVisitor({ base, random, pauseMs, report, stop, isOver }).stroll()
      }
    }),
  )
  clearInterval(ticker)
  return report.summary()
}

/** The flags, or `null` after saying which one it does not know. */
function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: 'string', default: 'http://localhost:3000' },
        visitors: { type: 'string', default: '24' },
        seconds: { type: 'string', default: '60' },
        pause: { type: 'string', default: '300' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n`)
    return null
  }
}

async function answers(base: URL): Promise<boolean> {
  try {
    const response = await fetch(base, { redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) })
    await response.body?.cancel()
    return true
  } catch {
    return false
  }
}

function whole(text: string, low: number, high: number): number | null {
  const value = Number(text)
  return Number.isInteger(value) && value >= low && value <= high ? value : null
}

function isThisMachine({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
