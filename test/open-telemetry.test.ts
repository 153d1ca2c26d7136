import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import * as sdk from '@opentelemetry/sdk-trace'
import type { NOORMME } from 'noormme'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { runProgram } from './support/run-program.ts'
import { tempDatabase } from './support/temp-database.ts'
import { tempFolder } from './support/temp-folder.ts'

const spans = new sdk.InMemorySpanExporter()
const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 86_400_000 })
const tracer = () => trace.getTracer('the application')

function register(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(
    new sdk.TracerProvider({ spanProcessors: [new sdk.SimpleSpanProcessor({ exporter: spans })] }),
  )
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
}

beforeEach(() => spans.reset())
afterAll(() => reader.shutdown())

async function withUsers(): Promise<NOORMME> {
  const config = { monitoring: { openTelemetry: true }, automation: { enableAutoOptimization: false } }
  const { db } = tempDatabase(config)
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE)')
  await db.execute("INSERT INTO users (name) VALUES ('Mira'), ('Noor')")
  spans.reset()
  return db
}

test('without an SDK nothing is told, and all works', async () => {
  const db = await withUsers()
  expect(await db.getRepository('users').count()).toBe(2)
  expect(spans.getFinishedSpans()).toEqual([])
})

test('each statement is a span by the stable conventions', async () => {
  register()
  const db = await withUsers()
  await db.execute("SELECT name FROM users WHERE id IN (1, 2) AND name <> 'secret' AND id > ?", [0])
  const [span] = spans.getFinishedSpans()
  expect(span).toMatchObject({ name: 'SELECT users', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } })
  expect(span?.attributes).toEqual({
    'db.system.name': 'sqlite',
    'db.namespace': 'app.db',
    'db.operation.name': 'SELECT',
    'db.query.summary': 'SELECT users',
    'db.query.text': 'SELECT name FROM users WHERE id IN (?) AND name <> ? AND id > ?',
  })
  expect(span?.instrumentationScope.name).toBe('noormme')
})

test('a span belongs to what it was called in, across threads and awaits', async () => {
  const db = await withUsers()
  const users = db.getRepository<{ id: number; name: string }>('users')
  const work = (name: string) =>
    tracer().startActiveSpan(name, async (parent) => {
      await users.findById(1)
      await db.execute("SELECT count(*) FROM users, json_each('[1,2,3]')")
      await db.transaction(async (tx) => {
        await tx.execute('UPDATE users SET name = name')
        await users.count()
      })
      await db.snapshot((snapshot) => snapshot.execute('SELECT 1'))
      await db.batch([{ sql: 'SELECT 2' }, { sql: 'SELECT 3' }])
      parent.end()
      return parent.spanContext().spanId
    })
  const parents = await Promise.all([work('first'), work('second')])
  for (const id of parents) {
    const children = spans.getFinishedSpans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === id)
    expect(children.map(({ name }) => name)).toEqual([
      'SELECT users',
      'SELECT users',
      'UPDATE users',
      'SELECT users',
      'SELECT',
      'SELECT',
      'SELECT',
    ])
  }
})

test('a span has the time of its statement', async () => {
  const db = await withUsers()
  const from = Date.now()
  await db.execute(
    'WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 100000) SELECT max(v) FROM n',
  )
  const to = Date.now()
  const [span] = spans.getFinishedSpans()
  const ms = ([seconds, nanos]: readonly [number, number] = [0, 0]) => seconds * 1_000 + nanos / 1e6
  // Both clocks are read to the millisecond.
  expect(ms(span?.startTime)).toBeGreaterThanOrEqual(from - 1)
  expect(ms(span?.endTime)).toBeLessThanOrEqual(to + 1)
  expect(ms(span?.duration)).toBeGreaterThan(0)
})

test('a statement that fails has the code of its error', async () => {
  const db = await withUsers()
  await expect(db.execute('INSERT INTO users (name) VALUES (?)', ['Mira'])).rejects.toThrow()
  const [span] = spans.getFinishedSpans()
  expect(span).toMatchObject({ name: 'INSERT users', status: { code: SpanStatusCode.ERROR } })
  expect(span?.attributes['error.type']).toBe('NOORMME_UNIQUE')
  expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain('Mira')
})

test('durations are measured in seconds, by operation and error', async () => {
  const db = await withUsers()
  for (let n = 0; n < 5; n++) await db.execute('DELETE FROM users WHERE id = ?', [n])
  await expect(db.execute('DELETE FROM nothing')).rejects.toThrow()
  await reader.forceFlush()
  const all =
    measured
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
  const duration = all.find(({ descriptor }) => descriptor.name === 'db.client.operation.duration')
  expect(duration?.descriptor.unit).toBe('s')
  const points = (duration?.dataPoints ?? []) as {
    attributes: object
    value: { count: number; sum: number; buckets: { boundaries: number[] } }
  }[]
  const deletes = points.filter(
    ({ attributes }) => (attributes as Record<string, unknown>)['db.operation.name'] === 'DELETE',
  )
  const base = { 'db.system.name': 'sqlite', 'db.namespace': 'app.db', 'db.operation.name': 'DELETE' }
  expect(deletes.map(({ attributes, value }) => [attributes, value.count])).toEqual([
    [base, 5],
    [{ ...base, 'error.type': 'NOORMME_STATEMENT' }, 1],
  ])
  expect(deletes[0]?.value.sum).toBeLessThan(60)
  expect(deletes[0]?.value.buckets.boundaries).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10])
})

test('where the package is missing, opening says so; where nobody asks for it, it is not looked for', async () => {
  const program = `
    import { registerHooks } from 'node:module'
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === '@opentelemetry/api') throw new Error('looked for')
        return next(specifier, context)
      },
    })
    const { NOORMME } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)})
    const plain = new NOORMME(':memory:')
    await plain.initialize()
    await plain.close()
    const traced = new NOORMME({ connection: { database: ':memory:' }, monitoring: { openTelemetry: true } })
    await traced.initialize().catch((error) => console.log(error.code, error.message.replaceAll('\\n', ' ')))
  `
  const { line, ended } = runProgram(tempFolder(), program)
  expect(await line()).toMatch(/^NOORMME_CONFIG .*monitoring\.openTelemetry.*npm install @opentelemetry\/api/)
  await ended
})
