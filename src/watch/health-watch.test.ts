import { expect, onTestFinished, test, vi } from 'vitest'
import { Events } from './events.ts'
import { HealthWatch } from './health-watch.ts'
import type { HealthEvent } from './types.ts'

const INTERVAL_MS = 10_000

/** A watch whose checks find what `statuses` say, one after another, the last again and again. */
function watched(...statuses: HealthEvent['status'][]) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let checks = 0
  const events = new Events({ database: 'test', onChange: () => watch.refresh() })
  const watch: HealthWatch = new HealthWatch({
    events,
    intervalMs: INTERVAL_MS,
    check: async () => {
      const status = statuses[Math.min(checks++, statuses.length - 1)] ?? 'healthy'
      return { status, timestamp: '', checks: [] }
    },
  })
  const told: string[] = []
  const listen = () => events.on('health', ({ status, previous }) => told.push(`${previous} → ${status}`))
  const pass = (intervals: number) => vi.advanceTimersByTimeAsync(intervals * INTERVAL_MS)
  return { watch, told, listen, pass, checks: () => checks }
}

test('each change is told, and it begins as healthy', async () => {
  const { watch, told, listen, pass } = watched('healthy', 'degraded', 'degraded', 'unhealthy', 'healthy')
  listen()
  watch.opened()
  await pass(6)
  expect(told).toEqual(['healthy → degraded', 'degraded → unhealthy', 'unhealthy → healthy'])
})

test('nothing is checked while nobody listens, or the database is closed', async () => {
  const { watch, told, listen, pass, checks } = watched('degraded')
  listen()
  await pass(2)
  expect(checks()).toBe(0)

  watch.opened()
  await pass(1)
  watch.closed()
  await pass(3)
  expect([checks(), told]).toEqual([1, ['healthy → degraded']])
  expect(vi.getTimerCount()).toBe(0)
})

test('a listener that comes later begins the checks, the last that goes ends them', async () => {
  const { watch, listen, pass, checks } = watched('healthy')
  watch.opened()
  await pass(2)
  const [first, second] = [listen(), listen()]
  await pass(2)
  first()
  await pass(1)
  second()
  await pass(2)
  expect(checks()).toBe(3)
  expect(vi.getTimerCount()).toBe(0)
})
