import { describe, expect, it } from 'vitest'
import { isKey, SECTIONS } from './keys.ts'
import { suggestKeys, unknownKey } from './suggest.ts'

describe('the suggestion for an unknown key', () => {
  it.each([
    ['optimization.chacheSize', 'optimization.cacheSize'],
    ['optimization.enablewalmode', 'optimization.enableWALMode'],
    ['optimization.enableWAL', 'optimization.enableWALMode'],
    ['optimization.cache_size', 'optimization.cacheSize'],
    ['optimization.journal_mode', 'optimization.enableWALMode'],
    ['optimization.foreignKeys', 'optimization.enableForeignKeys'],
    ['cacheSize', 'optimization.cacheSize'],
    ['performance.cacheSize', 'optimization.cacheSize'],
    ['performance.enableAutoOptimization', 'automation.enableAutoOptimization'],
    ['optimization.enableAutoOptimisation', 'optimization.enableAutoOptimization'],
    ['maxBatchSize', 'performance.maxBatchSize'],
    ['performance.reader', 'performance.readers'],
    ['automation.extensions', 'extensions'],
    ['database', 'connection.database'],
    ['connection.filename', 'connection.database'],
    ['optimisation', 'optimization'],
    ['conection', 'connection'],
    ['dates', 'introspection.dates'],
  ])('for %s is %s', (path, expected) => {
    expect(suggestKeys(path)[0]).toBe(expected)
    expect(unknownKey(path)).toContain(`did you mean ${expected}`)
  })

  it.each(['zzz', 'optimization.zzz', '', '.', 'constructor', '__proto__'])('for %j is none', (path) => {
    expect(suggestKeys(path)).toEqual([])
    expect(unknownKey(path)).toBe('is not a configuration key')
  })

  it.each(['size', 'max', 'enable', 'path', 'user', 'wal', 'timeout', 'batch_size', 'poolSize', 'plugins', 'url'])(
    'for %s names keys that exist',
    (path) => {
      const suggested = suggestKeys(path)

      expect(suggested.length).toBeGreaterThan(0)
      expect(suggested.filter((key) => !isKey(key) && !SECTIONS.includes(key))).toEqual([])
    },
  )
})
