import { channel } from 'node:diagnostics_channel'
import type { LogLevel } from 'noormme'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { tempDatabase } from './support/temp-database.ts'

interface Line {
  readonly level: number
  readonly msg: string
  readonly database: string
  readonly [field: string]: unknown
}

type Config = Parameters<typeof tempDatabase>[0]

/** A database that logs by pino, with the lines that it wrote. */
function logged(level: LogLevel | undefined, config: Config = {}) {
  const lines: Line[] = []
  const logger = pino({ level: 'trace' }, { write: (text: string) => void lines.push(JSON.parse(text)) })
  const logging = { logger, ...(level === undefined ? {} : { level }) }
  const { db, path } = tempDatabase({ automation: { enableAutoOptimization: false }, ...config, logging })
  return { db, path, lines, messages: () => lines.map(({ msg }) => msg.replace('noormme: ', '')) }
}

const EVERY = { performance: { slowQueryThreshold: 0 } }

test('by default opening, closing, the schema and what needs attention are logged', async () => {
  const { db, path, lines, messages } = logged(undefined, { performance: { slowQueryThreshold: 86_400_000 } })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)')
  await db.execute('SELECT 1')
  await db.close()
  expect(messages()).toEqual(['database opened', 'schema changed', 'database closed'])
  expect(lines.map(({ level, database }) => [level, database])).toEqual(new Array(3).fill([30, path]))
  expect(lines[1]?.changes).toEqual([expect.stringContaining('users')])
})

test('what was never opened is not logged as closed', async () => {
  const { db, messages } = logged('debug')
  await db.close()
  expect(messages()).toEqual([])
})

test('debug logs every statement and checkpoint', async () => {
  const { db, lines, messages } = logged('debug', { performance: { slowQueryThreshold: 86_400_000 } })
  await db.execute('CREATE TABLE users (name TEXT)')
  await db.execute("INSERT INTO users VALUES (?), ('hidden')", ['secret'])
  await db.checkpoint()
  expect(messages()).toEqual(['database opened', 'query', 'schema changed', 'query', 'checkpoint'])
  expect(lines[3]).toMatchObject({ level: 20, sql: 'INSERT INTO users VALUES (?)', changes: 2, error: null })
  expect(JSON.stringify(lines)).not.toMatch(/secret|hidden/)
})

test.each([
  ['warn', ['slow query', 'slow query']],
  ['error', []],
] as const)('%s logs no more than that', async (level, expected) => {
  const { db, lines, messages } = logged(level, EVERY)
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)')
  await db.execute("SELECT 'hidden', ?", ['secret'])
  await db.close()
  expect(messages()).toEqual(expected)
  for (const line of lines)
    expect(line).toMatchObject({ level: 40, origin: expect.stringContaining('logging.test.ts') })
  expect(JSON.stringify(lines)).not.toMatch(/secret|hidden/)
})

test('N+1 reads are warned of where the configuration looks for them', async () => {
  const { db, messages } = logged('warn', {
    monitoring: { nPlusOne: true },
    performance: { slowQueryThreshold: 86_400_000 },
  })
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)')
  for (let id = 1; id <= 10; id++) await db.getRepository('users').findById(id)
  expect(messages()).toEqual(['N+1 reads'])
})

test('a listener that fails is logged as an error', async () => {
  const { db, lines } = logged('error')
  db.on('query', () => {
    throw new Error('broken')
  })
  await db.execute('SELECT 1')
  expect(lines).toMatchObject([{ level: 50, source: 'query', err: { message: 'broken' } }])
})

test('a logger that fails breaks nothing', async () => {
  const broken = () => {
    throw new Error('full')
  }
  const warnings: string[] = []
  const listen = ({ message }: Error) => warnings.push(message)
  process.on('warning', listen)
  onTestFinished(() => void process.off('warning', listen))
  const logger = { debug: broken, info: broken, warn: broken, error: broken }
  const { db } = tempDatabase({ logging: { logger, level: 'debug' } })
  await db.execute('SELECT 1')
  await db.close()
  await expect.poll(() => warnings.some((message) => message.includes('full'))).toBe(true)
})

test('channels tell of every database, and cost nothing without a subscriber', async () => {
  const told: unknown[] = []
  const listen = (message: unknown) => told.push(message)
  const { db, path } = tempDatabase(EVERY)
  await db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY)')
  for (const name of ['query', 'slowQuery', 'checkpoint']) channel(`noormme:${name}`).subscribe(listen)
  await db.execute('SELECT ?', [1])
  await db.checkpoint()
  for (const name of ['query', 'slowQuery', 'checkpoint']) channel(`noormme:${name}`).unsubscribe(listen)
  await db.execute('SELECT ?', [2])
  expect(told).toMatchObject([
    { database: path, sql: 'SELECT ?', kind: 'read', rows: 1 },
    { database: path, sql: 'SELECT ?', threshold: 0 },
    { database: path, mode: 'PASSIVE', result: 'complete' },
  ])
})
