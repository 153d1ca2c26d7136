import type { Command, Outcome, RunContext } from '../command.ts'
import type { LiveEvent } from '../live/live-event.ts'
import { liveView } from '../live/live-view.ts'
import { INTERVAL, intervalMs, PLACE, TOKEN, tokenFrom } from '../live/options.ts'
import { Screen } from '../live/screen.ts'
import { createStyle } from '../render/style.ts'
import { renderTop, type TopFacts } from '../render/top.ts'
import { type Stopping, untilStopped } from '../until-stopped.ts'

/** `noormme top FILE|URL` */
export const top: Command = {
  name: 'top',
  summary: 'Show a database at work, live',
  arguments: [PLACE],
  options: [INTERVAL, { name: 'once', about: 'show what there is now, and end' }, TOKEN],
  examples: [
    'noormme top app.db',
    'noormme top http://localhost:3000/admin/database',
    'noormme top app.db --json --interval 10',
  ],
  notes: [
    'On a terminal it goes on until q or Ctrl+C; elsewhere it shows what there is now, or with --json a line each interval.',
    'A file is only looked at. Ends with 1 when the database was not healthy at last.',
  ],
  run: async ({ arguments: { FILE: place = '' }, options }, context) => {
    const everyMs = intervalMs('top', options.interval)
    using stopping = untilStopped()
    const events = liveView(place, { token: tokenFrom(options), signal: stopping.signal })
    const isLive = process.stdout.isTTY === true && !context.asJson && options.once === undefined
    // Awaited here, or what stops it would be let go of at once.
    if (isLive) return await onScreen(events, { everyMs, stopping })
    const isOnce = options.once !== undefined || !context.asJson
    return await inLines(events, { everyMs, isOnce, context })
  },
}

interface OnScreen {
  readonly everyMs: number
  readonly stopping: Stopping
}

async function onScreen(events: AsyncIterable<LiveEvent>, { everyMs, stopping }: OnScreen): Promise<Outcome> {
  let known: TopFacts | null = null
  const draw = (): void => {
    if (known !== null) screen?.draw(renderTop(known, createStyle(process.stdout, process.env)))
  }
  // Only when something can be drawn: an error that comes first belongs on the ordinary screen.
  let screen: Screen | null = null
  let drawnAt = Number.NEGATIVE_INFINITY
  try {
    for await (const facts of factsOf(events)) {
      known = facts
      screen ??= new Screen({ output: process.stdout, input: process.stdin, stop: stopping.stop, resized: draw })
      if (facts.lost === null && performance.now() - drawnAt < everyMs - HALF_TICK_MS) continue
      draw()
      drawnAt = performance.now()
    }
  } finally {
    screen?.[Symbol.dispose]()
  }
  return outcome(known)
}

interface InLines {
  readonly everyMs: number
  readonly isOnce: boolean
  readonly context: RunContext
}

async function inLines(events: AsyncIterable<LiveEvent>, { everyMs, isOnce, context }: InLines): Promise<Outcome> {
  let known: TopFacts | null = null
  let saidAt = Number.NEGATIVE_INFINITY
  for await (const facts of factsOf(events)) {
    known = facts
    if (facts.lost !== null || performance.now() - saidAt < everyMs - HALF_TICK_MS) continue
    saidAt = performance.now()
    context.line({ database: facts.overview.database, ...facts.tick }, (style) => renderTop(facts, style))
    if (isOnce) break
  }
  return outcome(known)
}

/** Ticks do not come to the millisecond. */
const HALF_TICK_MS = 500

/** What is known after each event; nothing before the first tick. */
async function* factsOf(events: AsyncIterable<LiveEvent>): AsyncGenerator<TopFacts, void> {
  let overview: TopFacts['overview'] | null = null
  let tick: TopFacts['tick'] | null = null
  for await (const event of events) {
    if (event.kind === 'overview') overview = event.overview
    else if (event.kind === 'tick') tick = event.tick
    if (overview === null || tick === null || event.kind === 'overview') continue
    yield { overview, tick, lost: event.kind === 'lost' ? event.reason : null }
  }
}

function outcome(known: TopFacts | null): Outcome {
  return { code: known === null || known.tick.health.status === 'healthy' ? 0 : 1, json: null, text: () => '' }
}
