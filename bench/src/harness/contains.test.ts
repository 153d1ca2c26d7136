import { describe, expect, it } from 'vitest'
import { contains } from './contains.ts'

const ORDER = { id: 1, note: null, details: [{ id: 7, price: 0.5, product_id: 3 }] }

describe('an answer contains what is expected', () => {
  it('whatever else it has, whatever the order of its keys and the kind of its integers', () => {
    const details = [{ product_id: 3n, price: 0.5, id: 7, product: { id: 3, name: 'Tea' } }]
    expect(contains({ details, note: null, id: 1n }, ORDER)).toBe(true)
  })

  it('with a key under the name of its relation, loaded or not', () => {
    expect(contains({ ...ORDER, details: [{ id: 7, price: 0.5, product: 3 }] }, ORDER)).toBe(true)
    expect(contains({ ...ORDER, details: [{ id: 7, price: 0.5, product: { id: 3 } }] }, ORDER)).toBe(true)
    expect(contains({ ...ORDER, details: [{ id: 7, price: 0.5, product: { id: 4 } }] }, ORDER)).toBe(false)
  })

  it('after its class has said what it is as JSON', () => {
    expect(contains({ toJSON: () => ORDER }, ORDER)).toBe(true)
  })
})

describe('an answer does not contain what is expected', () => {
  it.each([
    ['another value', { ...ORDER, details: [{ id: 7, price: 0.25, product_id: 3 }] }],
    ['a row too few', { ...ORDER, details: [] }],
    ['a row too many', { ...ORDER, details: [...ORDER.details, ...ORDER.details] }],
    ['nothing for NULL', { id: 1, details: ORDER.details }],
    ['an object for a list', { ...ORDER, details: { 0: ORDER.details[0], length: 1 } }],
    ['nothing', undefined],
  ])('with %s', (_what, answer) => {
    expect(contains(answer, ORDER)).toBe(false)
  })
})
