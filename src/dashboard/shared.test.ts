import { expect, it } from 'vitest'
import { shared } from './shared.ts'
import { nextTickMs } from './tick-timing.ts'

it('makes it once for all who ask while it is being made, and for a while after', async () => {
  let made = 0
  const ask = shared(async () => ++made, 60_000)

  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
  expect(await ask()).toBe(1)
})

it('makes it anew when it is old, and when it depends on something that has changed', async () => {
  let made = 0
  let state = 'open'
  const old = shared(async () => ++made, 0)
  expect([await old(), await old()]).toEqual([1, 2])

  const ask = shared(
    async () => `${state} ${++made}`,
    60_000,
    () => state,
  )
  expect(await ask()).toBe('open 3')
  state = 'closed'
  expect(await ask()).toBe('closed 4')
  expect(await ask()).toBe('closed 4')
})

it('does not wait for what was begun before the change', async () => {
  const gate = Promise.withResolvers<string>()
  let state = 1
  const ask = shared(
    () => (state === 1 ? gate.promise : Promise.resolve('new')),
    60_000,
    () => state,
  )

  const first = ask()
  state = 2
  expect(await ask()).toBe('new')
  gate.resolve('old')
  expect(await first).toBe('old')
  expect(await ask()).toBe('new')
})

it('tells a failure to those who wait, and tries again', async () => {
  let made = 0
  const ask = shared(async () => {
    if (++made === 1) throw new Error('no')
    return made
  }, 60_000)

  const asked = [ask(), ask()]
  await expect(asked[0]).rejects.toThrow('no')
  await expect(asked[1]).rejects.toThrow('no')
  expect(await ask()).toBe(2)
})

it.each([
  ['just after the next point', 10_000, 10_060, 990],
  ['not at once again', 10_000, 11_049, 50],
  ['a second later when the points have stopped', 10_000, 20_000, 1_000],
  ['a second later when the clock was set back', 10_000, 5_000, 1_000],
])('asks %s', (_, lastAt, now, ms) => {
  expect(nextTickMs(lastAt, now)).toBe(ms)
})
