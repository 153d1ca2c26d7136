/** What resolveConfig refuses, and how it says so. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, type ConfigProblem } from '../errors.ts'
import { CONFIG_KEYS, SECTIONS } from './keys.ts'
import { type ConfigContext, resolveConfig } from './resolve.ts'
import type { NoormmeConfig } from './types.ts'

const CONTEXT: ConfigContext = { env: {}, cwd: '/srv/app' }
const FILE = { connection: { database: './a.db' } }

/** Configurations that the type forbids, as JavaScript and JSON can hold them. */
function resolveAny(input: unknown): ReturnType<typeof resolveConfig> {
  return resolveConfig(input as NoormmeConfig, CONTEXT)
}

function problemsOf(input: unknown): readonly ConfigProblem[] {
  try {
    resolveAny(input)
  } catch (error) {
    if (error instanceof ConfigError) return error.context.problems
    throw error
  }
  return []
}

describe('a configuration that cannot be obeyed', () => {
  it('is refused with all its problems at once', () => {
    const config = {
      dialect: 'postgresql',
      conection: {},
      connection: { database: 'mysql://localhost', port: 5432 },
      optimization: { chacheSize: 1, synchronous: 'SOMETIMES', busyTimeout: -1 },
      performance: null,
      readers: 8,
      extensions: ['', 7],
      setup: 'https://example.org/a.js',
    }

    const problems = problemsOf(config)

    expect(problems.map(({ path }) => path).toSorted()).toEqual([
      'conection',
      'connection.database',
      'connection.port',
      'dialect',
      'extensions',
      'optimization.busyTimeout',
      'optimization.chacheSize',
      'optimization.synchronous',
      'performance',
      'readers',
      'setup',
    ])
  })

  it('says in its message what to write instead', () => {
    expect(() => resolveAny({ ...FILE, cacheSize: 1, optimization: { busyTimeout: '5s' } })).toThrow(
      'invalid configuration: cacheSize is not a configuration key; did you mean optimization.cacheSize?; ' +
        'optimization.busyTimeout must be an integer from 0 to 2147483647, got a string',
    )
  })

  it.each([
    [null, 'null'],
    [42, '42'],
    [true, 'a boolean'],
    [[], 'an array'],
    [() => FILE, 'a function'],
    [Symbol('a'), 'a symbol'],
    [new Map(), 'an instance of a class'],
    [Object.create(FILE), 'an instance of a class'],
    [Object.create(Object.assign(Object.create(null), FILE)), 'an instance of a class'],
  ])('because it is no object with keys: %o', (input, got) => {
    expect(problemsOf(input)).toEqual([
      { path: '', message: `the configuration must be an object or a connection string, got ${got}` },
    ])
  })

  it.each(
    SECTIONS.flatMap((section) => [null, [], 'x', 1, new Date(0), Object.create({ a: 1 })].map((v) => [section, v])),
  )('because its section %s is %o', (section, value) => {
    expect(problemsOf({ ...FILE, [String(section)]: value })).toEqual([
      { path: section, message: expect.stringMatching(/^must be an object with keys, got /) },
    ])
  })

  it.each([{}, { connection: undefined }, { connection: {} }, { connection: { database: undefined } }])(
    'because it names no database: %j',
    (input) => {
      expect(problemsOf(input)).toEqual([
        { path: 'connection.database', message: expect.stringMatching(/^is required/) },
      ])
    },
  )

  it('because an alias and its key differ', () => {
    const config = {
      ...FILE,
      optimization: { enableAutoOptimization: false, maxBatchSize: 10 },
      automation: { enableAutoOptimization: true },
      performance: { maxBatchSize: 20 },
    }

    expect(problemsOf(config).map(({ path }) => path)).toEqual([
      'optimization.enableAutoOptimization',
      'optimization.maxBatchSize',
    ])
    expect(
      problemsOf({ ...config, automation: { enableAutoOptimization: false }, performance: { maxBatchSize: 10 } }),
    ).toEqual([])
  })

  it('because a database in memory is to have a write-ahead log', () => {
    const connection = { database: ':memory:' }

    expect(problemsOf({ connection, optimization: { enableWALMode: true } })).toEqual([
      { path: 'optimization.enableWALMode', message: expect.stringContaining("':memory:'") },
    ])
    expect(problemsOf({ connection, optimization: { enableWALMode: false } })).toEqual([])
  })

  it('because a path with dots is written as one key', () => {
    expect(problemsOf({ ...FILE, 'optimization.cacheSize': 1 })).toEqual([
      { path: 'optimization.cacheSize', message: 'is a path, not a key: write optimization: { cacheSize: … }' },
    ])
  })

  it('because JSON put a key on it that objects inherit', () => {
    const config: unknown = JSON.parse('{ "connection": { "database": "a.db" }, "__proto__": {}, "constructor": 1 }')

    expect(problemsOf(config).map(({ path }) => path)).toEqual(['__proto__', 'constructor'])
  })

  it.each([
    { connection: { database: './a.db', password: 'hunter2' } },
    { connection: { database: './a.db', password: 733215 } },
    { connection: { database: './a.db', host: 'hunter2' } },
    { connection: { database: 'postgres://admin:hunter2@localhost/shop' } },
    { connection: 'postgres://admin:hunter2@localhost/shop' },
    { ...FILE, password: 'hunter2' },
    { ...FILE, optimization: { synchronous: 'hunter2', busyTimeout: 'hunter2' } },
    { ...FILE, extensions: 'hunter2/', setup: 'hunter2/' },
    { ...FILE, extensions: ['hunter2/'] },
    'postgres://admin:hunter2@localhost/shop',
  ])('never repeats what may be a secret: %j', (input) => {
    const problems = problemsOf(input)

    expect(problems.length).toBeGreaterThan(0)
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|733215|admin/)
  })
})

describe('any input at all', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '',
      'normal',
      'FULL',
      'text',
      ':memory:',
      './a.db',
      'sqlite:./a.db',
      'postgres://u:p@h/d',
      'file:%',
    ),
    fc.string({ unit: 'binary' }),
  )
  const value = fc.oneof(
    word,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.anything(),
  )
  const leaf = fc.oneof(fc.constantFrom(...CONFIG_KEYS.map((key) => key.slice(key.indexOf('.') + 1))), fc.string())
  const section = fc.oneof({ weight: 4, arbitrary: fc.dictionary(leaf, value) }, { weight: 1, arbitrary: value })
  const top = fc.oneof(fc.constantFrom(...SECTIONS), fc.constantFrom(...CONFIG_KEYS), fc.string())
  const config = fc.oneof(
    fc.dictionary(top, section),
    fc.record({ connection: fc.record({ database: word }), optimization: section, performance: section }),
    fc.jsonValue(),
    value,
  )

  it('is resolved, or refused with a ConfigError whose paths are real', () => {
    fc.assert(
      fc.property(config, (input) => {
        const real = new Set(['', ...CONFIG_KEYS, ...pathsIn(input)])

        for (const { path, message } of problemsOf(input)) {
          expect(real).toContain(path)
          expect(message).not.toBe('')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('that is resolved once gives the same again', () => {
    fc.assert(
      fc.property(config, (input) => {
        fc.pre(problemsOf(input).length === 0)

        expect(resolveAny(input)).toEqual(resolveAny(input))
        expect(Object.isFrozen(resolveAny(input))).toBe(true)
      }),
    )
  })
})

/** Keys of the first two levels, dotted. */
function pathsIn(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null ? [name, ...Object.keys(inner).map((key) => `${name}.${key}`)] : [name],
  )
}
