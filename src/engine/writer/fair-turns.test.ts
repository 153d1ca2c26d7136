/** Turns and pauses, on a clock of the test's own. What they do to real processes: `test/promises/never-busy.test.ts`. */
import { expect, test } from 'vitest'
import { FairTurns, LONG_TURN_MS, PAUSE_MS, SHORT_TURN_MS } from './fair-turns.ts'

class TestClock {
  ms = 1000
  readonly slept: number[] = []
  now(): number {
    return this.ms
  }
  sleep(ms: number): void {
    this.slept.push(ms)
    this.ms += ms
  }
}

/** Commits one after another for `ms`, each holding the lock for 1 ms, `gapMs` apart. */
function commit(turns: FairTurns, clock: TestClock, ms: number, gapMs = 0): void {
  for (const end = clock.ms + ms; clock.ms < end; clock.ms += gapMs) {
    turns.beforeBegin()
    clock.ms += 1
    turns.released()
  }
}

test('a process that nobody disturbs pauses once in a long turn', () => {
  const clock = new TestClock()
  commit(new FairTurns(clock), clock, 4 * (LONG_TURN_MS + PAUSE_MS))

  expect(clock.slept).toHaveLength(4)
  expect(new Set(clock.slept)).toEqual(new Set([PAUSE_MS]))
})

test('turns are short for a second after the lock was met held', () => {
  const clock = new TestClock()
  const turns = new FairTurns(clock)
  turns.beforeBegin()
  turns.metBusy()
  commit(turns, clock, 10 * (SHORT_TURN_MS + PAUSE_MS))
  expect(clock.slept).toHaveLength(10)

  clock.slept.length = 0
  clock.ms += 1000
  commit(turns, clock, LONG_TURN_MS)
  expect(clock.slept).toEqual([])
})

test('a process that pauses by itself is not made to pause', () => {
  const clock = new TestClock()
  const turns = new FairTurns(clock)
  turns.metBusy()
  commit(turns, clock, 500, PAUSE_MS)
  expect(clock.slept).toEqual([])
})

test('a pause lasts only as long as the lock has not been free yet', () => {
  const clock = new TestClock()
  const turns = new FairTurns(clock)
  turns.metBusy()
  commit(turns, clock, SHORT_TURN_MS + 1)
  clock.slept.length = 0
  clock.ms += 0.5
  turns.metBusy()
  clock.ms += SHORT_TURN_MS
  turns.released()
  clock.ms += 0.5
  turns.beforeBegin()
  expect(clock.slept).toEqual([PAUSE_MS - 0.5])
})
