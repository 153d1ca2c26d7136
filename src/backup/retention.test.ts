import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toRemove } from './retention.ts'

const backup = (createdAt: string, ok = true) => ({ id: createdAt, createdAt: new Date(createdAt), ok })
const NONE = { keepLast: 1, keepDaily: 0, keepWeekly: 0 }

describe('kept are', () => {
  const days = Array.from({ length: 30 }, (_, day) => backup(new Date(Date.UTC(2031, 0, 1 + day, 3)).toISOString()))
  const kept = (retention: typeof NONE, all = days) => {
    const removed = toRemove(all, retention)
    return all.map(({ id }) => id.slice(5, 10)).filter((_, index) => !removed.includes(all[index]?.id ?? ''))
  }

  test('the newest so many', () => {
    expect(kept({ ...NONE, keepLast: 3 })).toEqual(['01-28', '01-29', '01-30'])
  })

  test('the newest of each day', () => {
    const twice = days.flatMap(({ createdAt }) => [
      backup(createdAt.toISOString()),
      backup(new Date(createdAt.getTime() + 3_600_000).toISOString()),
    ])
    expect(toRemove(twice, { ...NONE, keepDaily: 2 })).not.toContain('2031-01-29T04:00:00.000Z')
    expect(kept({ ...NONE, keepDaily: 2 }, twice)).toEqual(['01-29', '01-30'])
  })

  test('the newest of each week, which begins on Monday', () => {
    // 30 January 2031 is a Thursday.
    expect(kept({ ...NONE, keepWeekly: 3 })).toEqual(['01-19', '01-26', '01-30'])
  })

  test('days without a backup count for nothing', () => {
    const sparse = [backup('2030-01-01T00:00:00Z'), backup('2030-06-01T00:00:00Z'), backup('2031-01-01T00:00:00Z')]
    expect(toRemove(sparse, { ...NONE, keepDaily: 2 })).toEqual(['2030-01-01T00:00:00Z'])
  })
})

test('one that is damaged takes nobody’s place, and goes', () => {
  const all = [
    backup('2031-01-01T00:00:00Z'),
    backup('2031-01-02T00:00:00Z', false),
    backup('2031-01-03T00:00:00Z', false),
  ]
  expect(toRemove(all, NONE)).toEqual(['2031-01-02T00:00:00Z', '2031-01-03T00:00:00Z'])
})

test('where none is whole, all stay', () => {
  expect(toRemove([backup('2031-01-01T00:00:00Z', false)], NONE)).toEqual([])
})

test('whatever is asked, the newest that is whole stays, and more is never kept than was asked for', () => {
  const backups = fc.array(fc.record({ at: fc.integer({ min: 0, max: 10 ** 12 }), ok: fc.boolean() }), {
    maxLength: 60,
  })
  const count = fc.integer({ min: 0, max: 5 })
  fc.assert(
    fc.property(backups, fc.integer({ min: 1, max: 5 }), count, count, (made, keepLast, keepDaily, keepWeekly) => {
      const all = made.map(({ at, ok }, index) => ({ id: String(index), createdAt: new Date(at), ok }))
      const removed = new Set(toRemove(all, { keepLast, keepDaily, keepWeekly }))
      const whole = all.filter(({ ok }) => ok)
      const left = all.filter(({ id }) => !removed.has(id))

      if (whole.length === 0) {
        expect(removed.size).toBe(0)
        return
      }
      expect(left.every(({ ok }) => ok)).toBe(true)
      expect(left.length).toBeLessThanOrEqual(keepLast + keepDaily + keepWeekly)
      expect(Math.max(...left.map(({ createdAt }) => createdAt.getTime()))).toBe(
        Math.max(...whole.map(({ createdAt }) => createdAt.getTime())),
      )
    }),
  )
})
