/** The policy is a function of its facts: every line of its drawing is a case here. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, endsOldReaders, GAP_MS, holdsWrites, type LogFacts } from './policy.ts'

const MIB = 2 ** 20
const LIMIT = 64 * MIB
const LONG_AGO = { agoMs: 100_000, grownBytes: LIMIT }
const JUST_NOW = { agoMs: 0, grownBytes: 0 }

const facts = (changes: Partial<LogFacts> = {}): LogFacts => ({
  limitBytes: LIMIT,
  usedBytes: 0,
  pendingBytes: 0,
  fileBytes: 16 * MIB,
  copied: LONG_AGO,
  restarted: LONG_AGO,
  idleMs: 0,
  oldestReaderMs: 0,
  ...changes,
})

const busy = (usedMiB: number, changes: Partial<LogFacts> = {}): LogFacts =>
  facts({ usedBytes: usedMiB * MIB, pendingBytes: usedMiB * MIB, ...changes })

describe('a log that is written to', () => {
  test('is left alone while it is small', () => {
    expect(decide(busy(3.9))).toBe('nothing')
  })

  test('is copied from a sixteenth of its limit on, again for every sixteenth', () => {
    expect(decide(busy(4))).toBe('copy')
    expect(decide(busy(6, { copied: JUST_NOW }))).toBe('nothing')
    expect(decide(busy(8, { copied: { agoMs: 10, grownBytes: 4 * MIB } }))).toBe('copy')
  })

  test('whose copying a reader stopped is tried again after a second', () => {
    expect(decide(busy(6, { copied: { agoMs: 999, grownBytes: 0 } }))).toBe('nothing')
    expect(decide(busy(6, { copied: { agoMs: 1000, grownBytes: 0 } }))).toBe('copy')
  })

  test('is restarted from a quarter on, once most of it is copied', () => {
    expect(decide(busy(15.9, { pendingBytes: 1 * MIB }))).toBe('nothing')
    expect(decide(busy(16, { pendingBytes: 1 * MIB }))).toBe('restart')
    expect(decide(busy(16))).toBe('copy')
    expect(decide(busy(32))).toBe('restart')
  })

  test('is not restarted in vain: not under a reader that outlasts the gap, not again before it has grown', () => {
    const ready = { pendingBytes: 0 }
    expect(decide(busy(20, { ...ready, oldestReaderMs: GAP_MS }))).toBe('nothing')
    expect(decide(busy(20, { ...ready, restarted: { agoMs: 100_000, grownBytes: 3 * MIB } }))).toBe('nothing')
    expect(decide(busy(20, { ...ready, restarted: { agoMs: 1, grownBytes: 4 * MIB } }))).toBe('restart')
  })

  test('is restarted before anything else where writes have to wait for it', () => {
    const worst = { oldestReaderMs: 100_000, restarted: JUST_NOW, copied: JUST_NOW }
    expect(holdsWrites(busy(55.9))).toBe(false)
    expect(decide(busy(56, worst))).toBe('restart')
    expect(holdsWrites(busy(56))).toBe(true)
  })

  test('ends readers that are old before writes have to wait', () => {
    expect(endsOldReaders(busy(47.9))).toBe(false)
    expect(endsOldReaders(busy(48))).toBe(true)
  })
})

describe('a log that nobody writes to', () => {
  test('is copied after a second and gives its space back after a minute', () => {
    expect(decide(busy(1, { idleMs: 999 }))).toBe('nothing')
    expect(decide(busy(1, { idleMs: 1000 }))).toBe('copy')
    expect(decide(busy(1, { idleMs: 60_000 }))).toBe('truncate')
    expect(decide(facts({ idleMs: 60_000, fileBytes: 0 }))).toBe('nothing')
  })

  test('that cannot be truncated is tried again a minute later', () => {
    const failed = facts({ idleMs: 90_000, restarted: { agoMs: 30_000, grownBytes: 0 } })
    expect(decide(failed)).toBe('nothing')
  })
})

test('whatever the facts are, a log at its limit is restarted and a small busy one is never', () => {
  const amounts = fc.record({
    usedBytes: fc.nat(2 * LIMIT),
    pendingBytes: fc.nat(LIMIT),
    fileBytes: fc.nat(2 * LIMIT),
    oldestReaderMs: fc.nat(100_000),
  })
  fc.assert(
    fc.property(amounts, (some) => {
      const step = decide(facts({ ...some }))
      if (holdsWrites(facts(some))) expect(step).toBe('restart')
      if (some.usedBytes < LIMIT / 4) expect(['nothing', 'copy']).toContain(step)
    }),
  )
})
