import { describe, expect, test } from 'vitest'
import { Router } from './router.ts'

const run = (router: Router, sql: string, tookMs: number, times: number): void => {
  for (let n = 0; n < times; n++) router.recordThreaded(sql, tookMs)
}

describe('routing', () => {
  test('a point read is inline from the first time, any other text is not', () => {
    const router = new Router(1)
    expect(router.mayRunInline('point', true, 0)).toBe(true)
    expect(router.mayRunInline('other', false, 0)).toBe(false)
  })

  test('a text becomes inline once it is known to be short, judged by its slowest run', () => {
    const router = new Router(1)
    run(router, 'short', 0.1, 49)
    expect(router.mayRunInline('short', false, 0)).toBe(false)
    run(router, 'short', 0.1, 1)
    expect(router.mayRunInline('short', false, 0)).toBe(true)
    run(router, 'short', 0.6, 1)
    expect(router.mayRunInline('short', false, 0)).toBe(false)
    run(router, 'short', 0.1, 50)
    expect(router.mayRunInline('short', false, 0)).toBe(true)
  })

  test('an outrageous run bans a text, and each further one bans it for twice as long', () => {
    const router = new Router(1)
    run(router, 'text', 0.1, 50)
    router.recordInline('text', 500, false, 0)
    run(router, 'text', 0.1, 50)
    expect(router.mayRunInline('text', false, 599_999)).toBe(false)
    expect(router.mayRunInline('text', false, 600_000)).toBe(true)
    router.recordInline('text', 500, false, 600_000)
    run(router, 'text', 0.1, 50)
    expect(router.mayRunInline('text', false, 1_799_999)).toBe(false)
    expect(router.mayRunInline('text', false, 1_800_000)).toBe(true)
  })

  test('a point read is banned by six overruns close together, not by a hiccup of the machine now and then', () => {
    const router = new Router(1)
    for (let hiccup = 0; hiccup < 20; hiccup++) {
      router.recordInline('point', 300, true, 0)
      for (let n = 0; n < 50; n++) router.recordInline('point', 0.01, true, 0)
      expect(router.mayRunInline('point', true, 0)).toBe(true)
    }
    for (let n = 0; n < 5; n++) router.recordInline('point', 3, true, 0)
    expect(router.mayRunInline('point', true, 0)).toBe(true)
    router.recordInline('point', 3, true, 0)
    expect(router.mayRunInline('point', true, 0)).toBe(false)
  })

  test('by three when they had to be interrupted', () => {
    const router = new Router(1)
    for (let n = 0; n < 3; n++) {
      expect(router.mayRunInline('point', true, 0)).toBe(true)
      router.recordInline('point', Number.POSITIVE_INFINITY, true, 0)
    }
    expect(router.mayRunInline('point', true, 0)).toBe(false)
  })

  test('a text that is no point read leaves the loop at its first overrun', () => {
    const router = new Router(1)
    run(router, 'short', 0.1, 50)
    router.recordInline('short', 3, false, 0)
    expect(router.mayRunInline('short', false, 0)).toBe(false)
  })

  test('with a budget of 0 nothing is inline', () => {
    const router = new Router(0)
    run(router, 'short', 0, 50)
    expect(router.mayRunInline('short', true, 0)).toBe(false)
  })

  test('it remembers a bounded number of texts, and no long ones', () => {
    const router = new Router(1)
    const long = `SELECT '${'x'.repeat(5000)}'`
    run(router, long, 0.1, 50)
    expect(router.mayRunInline(long, true, 0)).toBe(false)
    run(router, 'first', 0.1, 50)
    for (let n = 0; n < 2000; n++) router.recordThreaded(`text ${n}`, 0.1)
    expect(router.mayRunInline('first', false, 0)).toBe(false)
  })
})
