import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ValidationError } from '../errors.ts'
import { toJsonText } from './json-text.ts'

describe('toJsonText', () => {
  test('whatever it writes, JSON gives back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (value) => {
        // JSON has one zero.
        const withoutMinusZero = JSON.parse(JSON.stringify(value))
        expect(JSON.parse(toJsonText(value, 'x'))).toEqual(withoutMinusZero)
      }),
    )
  })

  const cycle: Record<string, unknown> = {}
  cycle.self = cycle

  test.each([
    ['NaN', { a: [Number.NaN] }, 'x.a[0]'],
    ['infinity', Number.POSITIVE_INFINITY, 'x'],
    ['bigint', { a: 1n }, 'x.a'],
    ['undefined', { a: undefined }, 'x.a'],
    ['a hole', Array(2), 'x[0]'],
    ['a function', { a: () => 1 }, 'x.a'],
    ['toJSON', { toJSON: () => 'other' }, 'x.toJSON'],
    ['a symbol', Symbol('s'), 'x'],
    ['a symbol as key', { [Symbol('s')]: 1 }, 'x'],
    ['a Date', { at: new Date(0) }, 'x.at'],
    ['a Map', new Map([[1, 2]]), 'x'],
    ['bytes', { a: new Uint8Array(1) }, 'x.a'],
    ['a cycle', cycle, 'a value for a JSON column'],
  ])('%s is refused by its path', (_, value, subject) => {
    let error: unknown
    try {
      toJsonText(value, 'x')
    } catch (caught) {
      error = caught
    }

    expect(error).toBeInstanceOf(ValidationError)
    expect((error as ValidationError).context.subject).toBe(subject)
  })

  test('an object without prototype and a key named __proto__ are plain', () => {
    const value = Object.assign(Object.create(null), { a: JSON.parse('{"__proto__":{"b":1}}') })

    expect(toJsonText(value, 'x')).toBe('{"a":{"__proto__":{"b":1}}}')
  })
})
