import { resolve } from 'node:path'
import { CamelCasePlugin } from 'kysely'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { isNoormmeError } from '../errors.ts'
import { ALIASES, CONFIG_KEYS, isKey, type Key, SECTIONS } from './keys.ts'
import type { Logger } from './monitoring-types.ts'
import { resolveConfig } from './resolve.ts'
import type { NoormmeConfig, ResolvedConfig, SchemaDescription } from './types.ts'

/** Dotted paths of a configuration type; lists, words, what is taken as a whole and maps with keys of the user's own end one. */
type Paths<T> = {
  [K in keyof T & string]-?: NonNullable<T[K]> extends
    | readonly unknown[]
    | string
    | number
    | boolean
    | SchemaDescription
    | Logger
    ? K
    : string extends keyof NonNullable<T[K]>
      ? K
      : `${K}.${Paths<NonNullable<T[K]>>}`
}[keyof T & string]

const EMPTY = { accepted: ['', 0], refused: ['db.example.org', 5432, true, null, [], {}], into: () => undefined }
const ANYTHING = { '~standard': { version: 1, vendor: 'none', validate: (value: unknown) => ({ value }) } }
const BOOLEAN_REFUSED = ['true', 1, 0, null, [], {}]
const NUMBER_REFUSED = ['1000', true, null, [], {}, 10n, Number.NaN, Number.POSITIVE_INFINITY, 1000.5]
const WORD_REFUSED = ['', 'sometimes', 1, true, null, [], {}]

interface Sample {
  readonly accepted: readonly unknown[]
  readonly refused: readonly unknown[]
  /** Where an accepted value is found in the result; `undefined` for keys that leave no trace. */
  readonly into: (resolved: ResolvedConfig) => unknown
  /** What an accepted value becomes. Default: itself. */
  readonly as?: (value: unknown) => unknown
}

const upper = (value: unknown) => String(value).toUpperCase()
const lower = (value: unknown) => String(value).toLowerCase()

/** Typed by Key, so that a new key without samples does not compile. */
const SAMPLES: Readonly<Record<Key, Sample>> = {
  dialect: {
    accepted: ['sqlite', 'SQLite'],
    refused: ['postgresql', ...WORD_REFUSED],
    into: (c) => c.dialect,
    as: lower,
  },

  'connection.database': {
    accepted: ['/data/a.db'],
    refused: ['', ' a.db', 'a.db\n', 'a\0.db', './folder/', 1, true, null, [], {}],
    into: (c) => c.path,
  },
  'connection.host': EMPTY,
  'connection.port': EMPTY,
  'connection.username': EMPTY,
  'connection.password': EMPTY,

  'optimization.enableWALMode': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.optimization.enableWALMode,
  },
  'optimization.enableForeignKeys': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.optimization.enableForeignKeys,
  },
  'optimization.cacheSize': {
    accepted: [-64_000, 0, 2000, -(2 ** 31), 2 ** 31 - 1],
    refused: [...NUMBER_REFUSED, -(2 ** 31) - 1, 2 ** 31],
    into: (c) => c.optimization.cacheSize,
  },
  'optimization.synchronous': {
    accepted: ['OFF', 'NORMAL', 'FULL', 'EXTRA', 'normal', 'Full'],
    refused: WORD_REFUSED,
    into: (c) => c.optimization.synchronous,
    as: upper,
  },
  'optimization.tempStore': {
    accepted: ['DEFAULT', 'FILE', 'MEMORY', 'memory'],
    refused: WORD_REFUSED,
    into: (c) => c.optimization.tempStore,
    as: upper,
  },
  'optimization.busyTimeout': {
    accepted: [0, 5000, 2 ** 31 - 1],
    refused: [...NUMBER_REFUSED, -1, 2 ** 31],
    into: (c) => c.optimization.busyTimeout,
  },
  'optimization.mmapSize': {
    accepted: [0, 268_435_456, 0x7fff_0000],
    refused: [...NUMBER_REFUSED, -1, 0x7fff_0001],
    into: (c) => c.optimization.mmapSize,
  },
  'optimization.journalSizeLimit': {
    accepted: [-1, 0, 67_108_864, Number.MAX_SAFE_INTEGER],
    refused: [...NUMBER_REFUSED, -2, 2 ** 53],
    into: (c) => c.optimization.journalSizeLimit,
  },
  'optimization.walLimit': {
    accepted: [4_194_304, 67_108_864, Number.MAX_SAFE_INTEGER],
    refused: [...NUMBER_REFUSED, 0, -1, 4_194_303],
    into: (c) => c.optimization.walLimit,
  },
  'optimization.checkpoint': {
    accepted: ['managed', 'sqlite', 'external', 'MANAGED'],
    refused: WORD_REFUSED,
    into: (c) => c.optimization.checkpoint,
    as: lower,
  },
  'optimization.pageSize': {
    accepted: [512, 1024, 4096, 65_536],
    refused: [...NUMBER_REFUSED, 0, -4096, 256, 1000, 131_072],
    into: (c) => c.optimization.pageSize,
  },
  'optimization.autoVacuum': {
    accepted: ['NONE', 'FULL', 'INCREMENTAL', 'incremental'],
    refused: WORD_REFUSED,
    into: (c) => c.optimization.autoVacuum,
    as: upper,
  },
  'optimization.stablePlans': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.optimization.stablePlans,
  },
  'optimization.enableAutoOptimization': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.automation.enableAutoOptimization,
  },
  'optimization.maxBatchSize': {
    accepted: [1, 1_000_000],
    refused: [...NUMBER_REFUSED, 0, 1_000_001],
    into: (c) => c.performance.maxBatchSize,
  },

  'automation.enableAutoOptimization': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.automation.enableAutoOptimization,
  },

  'performance.maxBatchSize': {
    accepted: [1, 1_000_000],
    refused: [...NUMBER_REFUSED, 0, 1_000_001],
    into: (c) => c.performance.maxBatchSize,
  },
  'performance.readers': {
    accepted: [2, 64],
    refused: [...NUMBER_REFUSED, 1, 65, 2.5],
    into: (c) => c.performance.readers,
  },
  'performance.inlineReadBudget': {
    accepted: [0, 50],
    refused: [...NUMBER_REFUSED, -1, 51, 0.5],
    into: (c) => c.performance.inlineReadBudget,
  },
  'performance.statementTimeout': {
    accepted: [0, 1, 86_400_000],
    refused: [...NUMBER_REFUSED, -1, 86_400_001],
    into: (c) => c.performance.statementTimeout,
  },
  'performance.transactionTimeout': {
    accepted: [1, 86_400_000],
    refused: [...NUMBER_REFUSED, 0, 86_400_001],
    into: (c) => c.performance.transactionTimeout,
  },
  'performance.maxQueuedWrites': {
    accepted: [1, 1_000_000_000],
    refused: [...NUMBER_REFUSED, 0, -1],
    into: (c) => c.performance.maxQueuedWrites,
  },
  'performance.maxQueuedBytes': {
    accepted: [1, 2 ** 40],
    refused: [...NUMBER_REFUSED, 0, -1],
    into: (c) => c.performance.maxQueuedBytes,
  },
  'performance.enableCaching': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.performance.enableCaching,
  },
  'performance.maxCacheSize': {
    accepted: [1, 100_000],
    refused: [...NUMBER_REFUSED, 0, -1],
    into: (c) => c.performance.maxCacheSize,
  },
  'performance.maxCacheBytes': {
    accepted: [2 ** 20, 2 ** 40],
    refused: [...NUMBER_REFUSED, 0, -1, 2 ** 20 - 1],
    into: (c) => c.performance.maxCacheBytes,
  },
  'performance.slowQueryThreshold': {
    accepted: [0, 1, 100, 86_400_000],
    refused: [-1, 0.5, 86_400_001, Number.NaN, '100', true, null],
    into: (c) => c.performance.slowQueryThreshold,
  },
  'performance.nPlusOneThreshold': {
    accepted: [2, 10, 1_000],
    refused: [-1, 0, 1, 2.5, Number.NaN, '10', true, null],
    into: (c) => c.performance.nPlusOneThreshold,
  },

  'monitoring.recordValues': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.monitoring.recordValues,
  },
  'monitoring.nPlusOne': { accepted: [true, false], refused: BOOLEAN_REFUSED, into: (c) => c.monitoring.nPlusOne },
  'monitoring.openTelemetry': {
    accepted: [true, false],
    refused: BOOLEAN_REFUSED,
    into: (c) => c.monitoring.openTelemetry,
  },
  'monitoring.healthInterval': {
    accepted: [1_000, 10_000, 86_400_000],
    refused: [...NUMBER_REFUSED, 0, -1, 999, 86_400_001],
    into: (c) => c.monitoring.healthInterval,
  },

  'logging.logger': {
    accepted: [console],
    refused: [null, true, 1, 'console', [], {}, { info: () => {}, warn: () => {}, error: () => {} }],
    into: (c) => c.logging.logger,
  },
  'logging.level': {
    accepted: ['error', 'warn', 'info', 'debug', 'WARN'],
    refused: WORD_REFUSED,
    into: (c) => c.logging.level,
    as: lower,
  },

  'introspection.dates': {
    accepted: ['text', 'date', 'DATE'],
    refused: WORD_REFUSED,
    into: (c) => c.introspection.dates,
    as: lower,
  },
  'introspection.naming': {
    accepted: ['stored', 'camelCase', 'CAMELCASE'],
    refused: WORD_REFUSED,
    into: (c) => c.introspection.naming,
    as: (value) => (value === 'stored' ? value : 'camelCase'),
  },
  'introspection.schema': {
    accepted: [
      { naming: 'stored', dates: 'text', tables: {} },
      { naming: 'stored', dates: 'text', tables: { users: { id: 'INTEGER PRIMARY KEY' } } },
    ],
    refused: [
      null,
      'schema',
      [],
      {},
      { naming: 'stored', dates: 'text' },
      { naming: 'snake', dates: 'text', tables: {} },
      { naming: 'stored', dates: 'text', tables: { users: ['id'] } },
      { naming: 'stored', dates: 'text', tables: { users: { id: 1 } } },
    ],
    into: (c) => c.introspection.schema,
  },
  'introspection.drift': {
    accepted: ['warn', 'error', 'ERROR'],
    refused: WORD_REFUSED,
    into: (c) => c.introspection.drift,
    as: lower,
  },

  'timestamps.createdAt': {
    accepted: ['created_at'],
    refused: ['', true, null, 1, {}],
    into: (c) => c.timestamps.createdAt,
  },
  'timestamps.updatedAt': {
    accepted: ['updated_at'],
    refused: ['', true, null, 1, {}],
    into: (c) => c.timestamps.updatedAt,
  },
  'backup.target': {
    accepted: ['/data/backups', '/data/backups/', './backups', 's3://my-bucket/shop'],
    refused: ['', '/', ' a', 'a\0b', '~/backups', 'ftp://a/b', 's3://A', 's3://b/../c', 1, true, null, [], {}],
    into: (c) => c.backup.target,
    as: (value) =>
      String(value).startsWith('s3:')
        ? { kind: 'bucket', location: { bucket: 'my-bucket', prefix: 'shop/', region: undefined, endpoint: undefined } }
        : { kind: 'folder', path: resolve('/work', String(value)) },
  },
  'backup.compression': {
    accepted: ['none', 'zstd', 'ZSTD'],
    refused: ['gzip', '', 1, true, null, {}],
    into: (c) => c.backup.compression,
    as: (value) => String(value).toLowerCase(),
  },
  'backup.encryptionKey': {
    accepted: ['ab'.repeat(32), Buffer.alloc(32, 7).toString('base64'), Buffer.alloc(32, 7).toString('base64url')],
    refused: ['', 'correct horse battery staple', 'ab'.repeat(31), 'A'.repeat(42), 1, true, null, {}],
    into: (c) => c.backup.encryptionKey,
  },
  'backup.schedule': {
    accepted: ['15 3 * * *', '*/30 * * * * *', '0 0 * * 1', false],
    refused: ['', 'daily', '61 * * * *', '* * *', '2031-01-01T00:00:00', '0 0 31 2 *', 1, true, null, [], {}],
    into: (c) => c.backup.schedule,
    as: (value) => value || null,
  },
  'backup.keepLast': {
    accepted: [1, 36_525],
    refused: [...NUMBER_REFUSED, 0, 36_526],
    into: (c) => c.backup.keepLast,
  },
  'backup.keepDaily': {
    accepted: [0, 36_525],
    refused: [...NUMBER_REFUSED, -1, 36_526],
    into: (c) => c.backup.keepDaily,
  },
  'backup.keepWeekly': {
    accepted: [0, 36_525],
    refused: [...NUMBER_REFUSED, -1, 36_526],
    into: (c) => c.backup.keepWeekly,
  },
  'backup.pointInTime': {
    accepted: [0, 1, 366 * 86_400_000],
    refused: [...NUMBER_REFUSED, -1, 366 * 86_400_000 + 1],
    into: (c) => c.backup.pointInTime,
  },
  'backup.maxBacklog': {
    accepted: [16 * 2 ** 20, 2 ** 40],
    refused: [...NUMBER_REFUSED, 0, 16 * 2 ** 20 - 1],
    into: (c) => c.backup.maxBacklog,
  },
  'backup.rateLimit': {
    accepted: [65_536, 2 ** 40],
    refused: [...NUMBER_REFUSED, 0, 65_535],
    into: (c) => c.backup.rateLimit,
  },

  tables: {
    accepted: [
      {},
      { works: {} },
      { works: { version: 'version', createdAt: 'made', updatedAt: false, validate: { insert: ANYTHING } } },
    ],
    refused: [
      null,
      [],
      'works',
      { works: null },
      { works: { verison: 'v' } },
      { works: { version: false } },
      { works: { version: '' } },
      { works: { createdAt: true } },
      { works: { validate: ANYTHING } },
      { works: { validate: { create: ANYTHING } } },
      { works: { validate: { insert: { parse: () => 1 } } } },
    ],
    into: (c) => c.tables,
    as: (value) => new Map(Object.entries(value as object)),
  },

  'kysely.plugins': {
    accepted: [[], [new CamelCasePlugin()], [{ transformQuery: () => {}, transformResult: () => {} }]],
    refused: [null, {}, 'camel', 1, [null], [{}], [CamelCasePlugin], [{ transformQuery: () => {} }], new Array(1)],
    into: (c) => c.kysely.plugins,
  },

  extensions: {
    accepted: [[], ['/lib/a.so', '/lib/b.so']],
    refused: ['/lib/a.so', null, {}, 1, [''], [null], [1, '/lib/a.so'], ['/lib/'], new Array(1)],
    into: (c) => c.extensions,
  },
  setup: {
    accepted: ['/app/setup.js', 'file:///app/setup.js'],
    refused: ['', ' /app/setup.js', '/app/', 'https://example.org/setup.js', 'file://host/setup.js', 1, null, [], {}],
    into: (c) => c.setup,
  },
}

const CONTEXT = { env: {}, cwd: '/work' }

/** A configuration that is right but for this one key. */
function configWith(path: string, value: unknown): NoormmeConfig {
  const config: Record<string, unknown> = { connection: { database: './a.db' } }
  const [section, name] = path.split('.')
  if (section === undefined || name === undefined) config[path] = value
  else config[section] = { ...(config[section] as object | undefined), [name]: value }
  // The other keys of backups are refused without it.
  if (section === 'backup' && name !== 'target') config.backup = { target: './backups', ...(config.backup as object) }
  return config as unknown as NoormmeConfig
}

describe.each(CONFIG_KEYS)('%s', (path) => {
  const { accepted, refused, into, as = (value: unknown) => value } = SAMPLES[path]

  it.each(accepted.map((value) => [value]))('may be %o and arrives in the result', (value) => {
    const resolved = resolveConfig(configWith(path, value), CONTEXT)

    if (into !== EMPTY.into) expect(into(resolved)).toEqual(as(value))
  })

  it.each(refused.map((value) => [value]))('refuses %o, naming the key', (value) => {
    const error = caught(() => resolveConfig(configWith(path, value), CONTEXT))

    expect(isNoormmeError(error, 'NOORMME_CONFIG') && error.context.problems).toEqual([
      { path, message: expect.stringMatching(/^(must|names) /) },
    ])
  })

  it('is as if it were not there when it is undefined', () => {
    if (path === 'connection.database') return
    const without = configWith(path.startsWith('backup.') ? 'backup.target' : path, undefined)
    const beside = path.startsWith('backup.') && path !== 'backup.target' ? { target: './backups' } : undefined
    expect(resolveConfig(configWith(path, undefined), CONTEXT)).toEqual(
      resolveConfig({ ...without, ...(beside && { backup: beside }) }, CONTEXT),
    )
  })
})

describe('CONFIG_KEYS', () => {
  it('are the paths of NoormmeConfig, no more and no fewer', () => {
    expectTypeOf<Paths<NoormmeConfig>>().toEqualTypeOf<Key>()
    expect(CONFIG_KEYS.toSorted()).toEqual(Object.keys(SAMPLES).toSorted())
  })

  it('hold each alias and the key it stands for', () => {
    for (const [alias, key] of Object.entries(ALIASES)) {
      expect(isKey(alias) && isKey(key)).toBe(true)
      expect(alias.split('.')[1]).toBe(key.split('.')[1])
    }
  })

  it('fall into sections', () => {
    expect(SECTIONS).toEqual([
      'connection',
      'optimization',
      'automation',
      'performance',
      'monitoring',
      'logging',
      'introspection',
      'timestamps',
      'backup',
      'kysely',
    ])
  })

  it('are not found on the prototype of an object', () => {
    expect(isKey('constructor')).toBe(false)
    expect(isKey('__proto__')).toBe(false)
  })
})

function caught(action: () => unknown): unknown {
  try {
    return { returned: action() }
  } catch (error) {
    return error
  }
}
