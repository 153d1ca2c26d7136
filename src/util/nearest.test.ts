import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearest } from './nearest.ts'

describe('nearest', () => {
  it.each([
    ['emial', ['id', 'email', 'name'], ['email']],
    ['usres', ['orders', 'users', 'posts'], ['users']],
    ['user', ['users', 'posts'], ['users']],
    ['category', ['categories', 'cats'], ['categories']],
    ['cache_size', ['cacheSize', 'pageSize'], ['cacheSize']],
    ['naem', ['name', 'date'], ['name']],
  ])('%s among %j means %j', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toEqual(expected)
  })

  it('puts names that differ only in case first, and alone', () => {
    expect(nearest('EMAIL', ['emails', 'Email', 'email'])).toEqual(['Email', 'email'])
  })

  it('finds a name that holds the one asked for, behind any misspelling', () => {
    expect(nearest('email', ['email_address', 'created_at'])).toEqual(['email_address'])
    expect(nearest('email', ['email_address', 'emial'])).toEqual(['emial', 'email_address'])
  })

  it('names two at most, the nearer first', () => {
    expect(nearest('titles', ['tiles', 'tales', 'title', 'titels'])).toEqual(['tiles', 'title'])
  })

  it.each([
    ['name', ['date', 'time']],
    ['a', ['b']],
    ['', ['id']],
    ['id', []],
    ['zzz', ['users', 'posts']],
  ])('%s has nothing in common with %j', (name, candidates) => {
    expect(nearest(name, candidates)).toEqual([])
  })

  it('finds every name again after one swap of neighbours', () => {
    const names = fc.stringMatching(/^[a-z]{4,20}$/)
    fc.assert(
      fc.property(names, fc.nat(), (name, seed) => {
        const at = seed % (name.length - 1)
        const swapped = `${name.slice(0, at)}${name.charAt(at + 1)}${name.charAt(at)}${name.slice(at + 2)}`

        expect(nearest(swapped, [name])).toEqual([name])
      }),
    )
  })

  it('answers with candidates only, never twice the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (name, candidates) => {
        const found = nearest(name, candidates)

        expect(found.length).toBeLessThanOrEqual(2)
        expect(new Set(found).size).toBe(found.length)
        expect(found.every((one) => candidates.includes(one))).toBe(true)
      }),
    )
  })
})
