import { expect, it } from 'vitest'
import { EventHub, type Message, MOST_PAGES } from './event-hub.ts'

interface Bench {
  readonly hub: EventHub
  /** Messages asked for, and how often there was a first page and a last. */
  readonly counts: { made: number; begun: number; ended: number }
  readonly failures: unknown[]
}

const MANY = 1000
const never = (): AbortSignal => new AbortController().signal

function bench(make: (turn: number) => Partial<Message> | Promise<Partial<Message>> = () => ({})): Bench {
  const counts = { made: 0, begun: 0, ended: 0 }
  const failures: unknown[] = []
  const hub = new EventHub({
    begin: () => {
      counts.begun++
      return () => counts.ended++
    },
    make: async () => {
      const turn = ++counts.made
      return { event: 'tick', data: `${turn}`, isLast: false, delayMs: 1, ...(await make(turn)) }
    },
    failed: (error) => failures.push(error),
  })
  return { hub, counts, failures }
}

/** Whole events, heartbeats left out. */
async function* read(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<string, void> {
  if (stream === null) throw new Error('no stream')
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const text = new TextDecoder().decode(chunk)
    if (text !== ':\n\n') yield text
  }
}

async function take(stream: ReadableStream<Uint8Array> | null, count: number): Promise<string[]> {
  const taken: string[] = []
  for await (const text of read(stream)) {
    taken.push(text)
    if (taken.length === count) break
  }
  return taken
}

const turns = (texts: readonly string[]): number[] =>
  texts.flatMap((text) => {
    const turn = /data: (\d+)/.exec(text)?.[1]
    return turn === undefined ? [] : Number(turn)
  })

it('makes each message once, whoever listens', async () => {
  const { hub, counts } = bench()
  const streams = Array.from({ length: 50 }, () => hub.open(never()))

  const taken = await Promise.all(streams.map((stream) => take(stream, 4)))

  expect(taken.every(([head]) => head === 'retry: 2000\n\n')).toBe(true)
  expect(taken[0]?.[1]).toBe('event: tick\ndata: 1\n\n')
  // Those who read three messages had no more made than the slowest of them has seen.
  expect(counts.made).toBeLessThanOrEqual(2 + Math.max(...taken.flatMap(turns)))
  expect(counts.begun).toBe(1)
})

it('asks for nothing while nobody listens, and begins again', async () => {
  const { hub, counts } = bench()
  expect(counts).toEqual({ made: 0, begun: 0, ended: 0 })

  await take(hub.open(never()), 3)
  expect(hub.pages).toBe(0)
  await take(hub.open(never()), 3)
  await new Promise((resolve) => setImmediate(resolve))

  expect(counts).toMatchObject({ begun: 2, ended: 2 })
  const { made } = counts
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(counts.made).toBe(made)
})

it('lets a page go when its request is broken off', async () => {
  const { hub } = bench()
  const leaving = new AbortController()
  const stream = hub.open(leaving.signal)

  const texts: string[] = []
  for await (const text of read(stream)) {
    texts.push(text)
    if (texts.length === 3) leaving.abort()
  }

  expect(hub.pages).toBe(0)
})

it('has nothing open for a request that is broken off already', () => {
  const { hub, counts } = bench()

  hub.open(AbortSignal.abort())

  expect(hub.pages).toBe(0)
  expect(counts.begun).toBe(0)
})

it('ends every stream with the last message', async () => {
  const { hub } = bench((turn) => ({ isLast: turn === 3 }))
  const streams = [hub.open(never()), hub.open(never())]

  const taken = await Promise.all(streams.map(async (stream) => take(stream, MANY)))

  expect(taken.map((texts) => turns(texts).at(-1))).toEqual([3, 3])
  expect(hub.pages).toBe(0)
})

it('gives who comes later the last message at once', async () => {
  const gate = Promise.withResolvers<Partial<Message>>()
  const { hub } = bench((turn) => (turn === 1 ? {} : gate.promise))
  const first = read(hub.open(never()))
  await first.next()
  expect(turns([(await first.next()).value ?? ''])).toEqual([1])

  // The second message is under way, and will not come before this one has been read.
  expect(turns(await take(hub.open(never()), 2))).toEqual([1])
  gate.resolve({ isLast: true })
  expect(turns([(await first.next()).value ?? '', (await first.next()).value ?? ''])).toEqual([2])
})

it('drops messages for a page that does not read, keeps no more than two, and lets it go at last', async () => {
  const { hub } = bench()
  const lazy = hub.open(never())
  const reader = hub.open(never())

  let last = 0
  for await (const text of read(reader)) {
    last = turns([text])[0] ?? last
    if (hub.pages === 1) break
  }

  expect(last).toBeGreaterThan(60)
  expect(turns(await take(lazy, MANY))).toEqual([1])
})

it('goes on after a message that could not be made', async () => {
  const { hub, failures } = bench((turn) => {
    if (turn === 1) throw new Error('no')
    return {}
  })

  const texts = await take(hub.open(never()), 2)

  expect(turns(texts)).toEqual([2])
  expect(failures).toEqual([new Error('no')])
})

it('refuses more pages than it can serve', () => {
  const { hub } = bench()
  const streams = Array.from({ length: MOST_PAGES }, () => hub.open(never()))

  expect(streams.every((stream) => stream !== null)).toBe(true)
  expect(hub.open(never())).toBeNull()
  hub.end()
  expect(hub.pages).toBe(0)
})
