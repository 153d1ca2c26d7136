import { describe, expect, it } from 'vitest'
import { type ConfigContext, resolveConfig } from './resolve.ts'
import type { NoormmeConfig } from './types.ts'

const CONTEXT: ConfigContext = { env: {}, cwd: '/srv/app' }
const FILE = { connection: { database: './a.db' } }

describe('a configuration', () => {
  it('needs nothing but the database', () => {
    expect(resolveConfig(FILE, CONTEXT)).toEqual({
      dialect: 'sqlite',
      path: '/srv/app/a.db',
      memory: false,
      optimization: {
        enableWALMode: true,
        enableForeignKeys: true,
        cacheSize: -64_000,
        synchronous: 'FULL',
        tempStore: 'MEMORY',
        busyTimeout: 5000,
        mmapSize: 0,
        journalSizeLimit: 67_108_864,
        walLimit: 67_108_864,
        checkpoint: 'managed',
        pageSize: null,
        autoVacuum: null,
        stablePlans: true,
      },
      explicitWAL: false,
      automation: { enableAutoOptimization: true },
      performance: {
        maxBatchSize: 1000,
        readers: 4,
        inlineReadBudget: 1,
        statementTimeout: 30_000,
        transactionTimeout: 5000,
        maxQueuedWrites: 100_000,
        maxQueuedBytes: 67_108_864,
        enableCaching: false,
        maxCacheSize: 1000,
        maxCacheBytes: 67_108_864,
        slowQueryThreshold: 100,
        nPlusOneThreshold: 10,
      },
      monitoring: { recordValues: false, nPlusOne: false, openTelemetry: false, healthInterval: 10_000 },
      logging: { logger: null, level: 'info' },
      introspection: { dates: 'text', naming: 'stored', schema: null, drift: 'warn' },
      kysely: { plugins: [] },
      timestamps: { createdAt: null, updatedAt: null },
      backup: {
        target: null,
        compression: 'none',
        encryptionKey: null,
        schedule: '15 3 * * *',
        keepLast: 7,
        keepDaily: 14,
        keepWeekly: 8,
        pointInTime: 0,
        maxBacklog: 1_073_741_824,
        rateLimit: null,
      },
      tables: new Map(),
      extensions: [],
      setup: null,
      native: true,
    })
  })

  it('may carry the empty fields of a database server', () => {
    const config: NoormmeConfig = {
      dialect: 'sqlite',
      connection: { host: '', port: 0, username: '', password: '', database: './data/shop.db' },
      optimization: {
        enableWALMode: true,
        enableForeignKeys: true,
        cacheSize: -64000,
        synchronous: 'NORMAL',
        tempStore: 'MEMORY',
      },
    }

    const { path, optimization, explicitWAL } = resolveConfig(config, CONTEXT)

    expect({ path, synchronous: optimization.synchronous, explicitWAL }).toEqual({
      path: '/srv/app/data/shop.db',
      synchronous: 'NORMAL',
      explicitWAL: true,
    })
  })

  it('may be a connection string alone', () => {
    expect(resolveConfig('sqlite:./a.db', CONTEXT)).toEqual(resolveConfig(FILE, CONTEXT))
  })

  it('loads the native extension unless the environment says 0', () => {
    const native = (NOORMME_NATIVE: string) => resolveConfig(FILE, { ...CONTEXT, env: { NOORMME_NATIVE } }).native

    expect(['', '0', '1'].map(native)).toEqual([true, false, true])
    expect(() => native('off')).toThrow('the environment variable NOORMME_NATIVE must be 0 or 1')
  })

  it('left out is taken from DATABASE_URL', () => {
    const context = { ...CONTEXT, env: { DATABASE_URL: 'file:./a.db' } }

    expect(resolveConfig(undefined, context)).toEqual(resolveConfig(FILE, CONTEXT))
  })

  it('does not look at DATABASE_URL when it names a database itself', () => {
    const context = { ...CONTEXT, env: { DATABASE_URL: './other.db' } }

    expect(resolveConfig(FILE, context).path).toBe('/srv/app/a.db')
  })

  it.each([
    [{}, /no configuration was given and the environment variable DATABASE_URL is not set/],
    [{ DATABASE_URL: '' }, /DATABASE_URL must not be empty/],
    [{ DATABASE_URL: 'mysql://localhost/shop' }, /DATABASE_URL names a mysql: database/],
  ])('left out, with the environment %j, says so', (env, message) => {
    expect(() => resolveConfig(undefined, { ...CONTEXT, env })).toThrow(message)
  })

  it('resolves extensions and setup from the working directory', () => {
    const { extensions, setup } = resolveConfig({ ...FILE, extensions: ['./ext/a', '/b'], setup: 'setup.js' }, CONTEXT)

    expect(extensions).toEqual(['/srv/app/ext/a', '/b'])
    expect(setup).toBe('/srv/app/setup.js')
  })

  it('keeps a setup module given as a file: URL', () => {
    expect(resolveConfig({ ...FILE, setup: 'file:///app/setup.js' }, CONTEXT).setup).toBe('file:///app/setup.js')
  })

  it('without automatic optimisation keeps what the promises rest on, and leaves the rest to SQLite', () => {
    const { optimization } = resolveConfig({ ...FILE, automation: { enableAutoOptimization: false } }, CONTEXT)

    expect(optimization).toEqual({
      enableWALMode: true,
      enableForeignKeys: true,
      cacheSize: null,
      synchronous: 'FULL',
      tempStore: null,
      busyTimeout: 5000,
      mmapSize: null,
      journalSizeLimit: null,
      walLimit: 67_108_864,
      checkpoint: 'managed',
      pageSize: null,
      autoVacuum: null,
      stablePlans: null,
    })
  })

  it('without automatic optimisation still obeys what it names', () => {
    const config: NoormmeConfig = {
      ...FILE,
      optimization: { enableAutoOptimization: false, cacheSize: -2000, tempStore: 'FILE', mmapSize: 0 },
    }

    expect(resolveConfig(config, CONTEXT).optimization).toMatchObject({
      cacheSize: -2000,
      tempStore: 'FILE',
      mmapSize: 0,
      journalSizeLimit: null,
    })
  })

  it('in memory has no write-ahead log', () => {
    expect(resolveConfig(':memory:', CONTEXT)).toMatchObject({
      path: ':memory:',
      memory: true,
      optimization: { enableWALMode: false },
      explicitWAL: false,
    })
  })

  it('knows no negative zero', () => {
    expect(resolveConfig({ ...FILE, optimization: { cacheSize: -0 } }, CONTEXT).optimization.cacheSize).toBe(0)
  })

  it('may be an object without a prototype, at every level', () => {
    const connection = Object.assign(Object.create(null), { database: './a.db' })

    expect(resolveConfig(Object.assign(Object.create(null), { connection }), CONTEXT)).toEqual(
      resolveConfig(FILE, CONTEXT),
    )
  })
})

describe('a resolved configuration', () => {
  it('does not change when the input is changed afterwards', () => {
    const input = { connection: { database: './a.db' }, optimization: { cacheSize: 1 }, extensions: ['/a'] }
    const resolved = resolveConfig(input, CONTEXT)
    const before = structuredClone(resolved)

    input.connection.database = './b.db'
    input.optimization.cacheSize = 2
    input.extensions.push('/b')

    expect(resolved).toEqual(before)
    expect(Object.isFrozen(input.extensions)).toBe(false)
  })

  it('is frozen all the way down', () => {
    const resolved = resolveConfig({ ...FILE, extensions: ['/a'] }, CONTEXT)
    const parts = [resolved, ...Object.values(resolved).filter((value) => typeof value === 'object' && value !== null)]

    expect(parts).toHaveLength(12)
    for (const part of parts) {
      expect(() => Object.assign(part, { added: 1 })).toThrow(TypeError)
      for (const key of Object.keys(part)) expect(() => Object.assign(part, { [key]: null })).toThrow(TypeError)
    }
  })

  it('survives the way to another thread', () => {
    const resolved = resolveConfig(FILE, CONTEXT)

    expect(structuredClone(resolved)).toEqual(resolved)
  })
})
