import { expect, test } from 'vitest'
import { StatementCache } from './statement-cache.ts'

test('a text is prepared once, until the cache is cleared', () => {
  const cache = new StatementCache<string>(2)
  let prepared = 0
  const prepare = (sql: string): string => `${sql}${++prepared}`

  expect([cache.get('a', prepare), cache.get('a', prepare)]).toEqual(['a1', 'a1'])
  cache.clear()
  expect(cache.get('a', prepare)).toBe('a2')
})

test('a full cache drops the text that was used longest ago', () => {
  const cache = new StatementCache<string>(2)
  const prepared: string[] = []
  const get = (sql: string): string => cache.get(sql, (text) => `${prepared.push(text)}`)

  for (const sql of ['a', 'b', 'a', 'c', 'a', 'b']) get(sql)

  expect(prepared).toEqual(['a', 'b', 'c', 'b'])
})

test('a text that cannot be prepared is not kept', () => {
  const cache = new StatementCache<string>(2)
  const fail = (): never => {
    throw new Error('no such table')
  }

  expect(() => cache.get('a', fail)).toThrow('no such table')
  expect(cache.get('a', (sql) => sql)).toBe('a')
})
