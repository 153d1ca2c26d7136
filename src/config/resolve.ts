/**
 * From what the user wrote to what the package uses, in four steps: check every argument, interpret it, check that the
 * result is possible, freeze it. Pure: environment and working directory are passed in.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError, type ConfigProblem } from '../errors.ts'
import { KEY_FORM, parseEncryptionKey } from './backup-rules.ts'
import { parseBackupTarget } from './backup-target.ts'
import { collect } from './collect.ts'
import { complete } from './complete.ts'
import { parseConnectionString, SCHEME } from './connection-string.ts'
import { DEFAULT_DATES, DEFAULT_DIALECT, DEFAULT_LOG_LEVEL, DEFAULT_NAMING } from './defaults.ts'
import { ALIASES, type Given } from './keys.ts'
import { pathProblem } from './path-problem.ts'
import { accept, type Checked, describe, isPlainObject, refuse } from './rules.ts'
import type { NoormmeConfig, ResolvedConfig } from './types.ts'

export interface ConfigContext {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute path that relative ones start from. */
  readonly cwd: string
}

/**
 * Checks a configuration and completes it. The result is a frozen copy; `input` is not kept.
 *
 * @example
 * resolveConfig('sqlite:./a.db', { env: process.env, cwd: process.cwd() }).optimization.synchronous // 'FULL'
 *
 * @throws ConfigError that lists every problem, each with the path of its key.
 */
export function resolveConfig(input: NoormmeConfig | string | undefined, context: ConfigContext): ResolvedConfig {
  const { given, source, problems } = read(input, context)
  const database = interpret(given['connection.database'], (text) => parseConnectionString(text, context.cwd))
  const target = interpret(given['backup.target'], (text) => parseBackupTarget(text, context.cwd))
  const setup = interpret(given.setup, (text) => locateModule(text, context.cwd))

  const found: ConfigProblem[] = [...problems]
  if (database?.ok === false) found.push(source(database.problem))
  if (setup?.ok === false) found.push({ path: 'setup', message: setup.problem })
  const memory = database?.ok === true && database.value.memory
  if (!['0', '1', '', undefined].includes(context.env.NOORMME_NATIVE))
    found.push({ path: '', message: 'the environment variable NOORMME_NATIVE must be 0 or 1' })
  const key = keyOf(context)
  if (given['backup.target'] !== undefined && key !== null && parseEncryptionKey(key) === null)
    found.push({ path: '', message: `the environment variable NOORMME_BACKUP_KEY ${KEY_FORM}` })
  found.push(...contradictions(given, memory))
  if (found.length > 0 || database?.ok !== true) throw new ConfigError({ problems: found })

  const { backup, ...completed } = complete(given, memory)
  const resolved = freeze({
    dialect: given.dialect ?? DEFAULT_DIALECT,
    path: database.value.path,
    memory,
    ...completed,
    backup: {
      ...backup,
      target: target?.ok === true ? target.value : null,
      encryptionKey: given['backup.encryptionKey'] ?? key,
    },
    extensions: (given.extensions ?? []).map((path) => resolve(context.cwd, path)),
    setup: setup?.ok === true ? setup.value : null,
    native: context.env.NOORMME_NATIVE !== '0',
  })
  // The plugins and the logger are the user's objects and may have state: only what holds them is frozen.
  const plugins = Object.freeze([...(given['kysely.plugins'] ?? [])])
  const tables = Object.freeze(given.tables ?? new Map())
  const logging = Object.freeze({
    logger: given['logging.logger'] ?? null,
    level: given['logging.level'] ?? DEFAULT_LOG_LEVEL,
  })
  return Object.freeze({ ...resolved, kysely: Object.freeze({ plugins }), logging, tables })
}

/** Where it is not in the configuration. */
function keyOf({ env }: ConfigContext): string | null {
  return env.NOORMME_BACKUP_KEY?.trim() || null
}

interface Source {
  readonly given: Given
  readonly problems: readonly ConfigProblem[]
  /** Says where the connection string came from, in front of what is wrong with it. */
  readonly source: (message: string) => ConfigProblem
}

function read(input: unknown, { env }: ConfigContext): Source {
  if (typeof input === 'string') return fromString(input, 'the connection string')
  if (input === undefined) {
    if (env.DATABASE_URL !== undefined) return fromString(env.DATABASE_URL, 'DATABASE_URL')
    return nothing('no configuration was given and the environment variable DATABASE_URL is not set')
  }
  if (!isPlainObject(input))
    return nothing(`the configuration must be an object or a connection string, got ${describe(input)}`)

  const { given, problems } = collect(input)
  const source = (message: string): ConfigProblem => ({ path: 'connection.database', message })
  const reported = problems.some(({ path }) => path === 'connection' || path === 'connection.database')
  if (given['connection.database'] !== undefined || reported) return { given, problems, source }
  return { given, source, problems: [...problems, source("is required: a path, ':memory:' or a sqlite: string")] }
}

function fromString(text: string, name: string): Source {
  const source = (message: string): ConfigProblem => ({ path: '', message: `${name} ${message}` })
  return { given: { 'connection.database': text }, problems: [], source }
}

function nothing(message: string): Source {
  return { given: {}, problems: [{ path: '', message }], source: () => ({ path: '', message }) }
}

function interpret<T>(text: string | undefined, parse: (text: string) => Checked<T>): Checked<T> | undefined {
  return text === undefined ? undefined : parse(text)
}

/** A module as a path or a `file:` URL. */
function locateModule(text: string, cwd: string): Checked<string> {
  // Before parsing: a URL parser would drop blanks and line breaks in silence.
  const problem = pathProblem(text)
  if (problem !== null) return refuse(problem)
  if (!SCHEME.test(text)) return accept(resolve(cwd, text))

  try {
    const inside = pathProblem(fileURLToPath(text))
    return inside === null ? accept(new URL(text).href) : refuse(inside)
  } catch {
    return refuse('must be a path or a file: URL')
  }
}

/** Values that are each right and cannot be obeyed together. */
function contradictions(given: Given, memory: boolean): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  for (const [alias, key] of Object.entries(ALIASES) as [
    keyof typeof ALIASES,
    (typeof ALIASES)[keyof typeof ALIASES],
  ][])
    if (given[alias] !== undefined && given[key] !== undefined && given[alias] !== given[key])
      problems.push({ path: alias, message: `says something else than ${key}; give one of the two` })
  // https://sqlite.org/wal.html: a database in memory has no file for the log to stand beside.
  if (memory && given['optimization.enableWALMode'] === true)
    problems.push({
      path: 'optimization.enableWALMode',
      message: "must not be true for ':memory:': a database in memory has no write-ahead log",
    })
  // Without WAL there is no connection beside the writer's that could see what was committed.
  if (given['performance.enableCaching'] === true && (memory || given['optimization.enableWALMode'] === false))
    problems.push({
      path: 'performance.enableCaching',
      message: `must not be true ${memory ? "for ':memory:'" : 'with enableWALMode: false'}: results are kept in WAL mode only`,
    })
  problems.push(...notArchivable(given, memory))
  if (given['backup.target'] === undefined) {
    const idle = Object.keys(given).filter((key) => key.startsWith('backup.'))
    for (const path of idle)
      problems.push({ path, message: 'must stand beside backup.target, without which nothing is backed up' })
  }
  return [...problems, ...otherThanGenerated(given)]
}

/** Every commit of the last while is kept by archiving the log. */
function notArchivable(given: Given, memory: boolean): ConfigProblem[] {
  if ((given['backup.pointInTime'] ?? 0) === 0) return []
  const path = 'backup.pointInTime'
  const mode = given['optimization.checkpoint'] ?? 'managed'
  if (memory || given['optimization.enableWALMode'] === false)
    return [
      {
        path,
        message: `must be 0 ${memory ? "for ':memory:'" : 'with enableWALMode: false'}: there is no log to archive`,
      },
    ]
  if (mode !== 'managed')
    return [{ path, message: `must be 0 with optimization.checkpoint '${mode}': others let the log start again` }]
  return []
}

/** The generated types are true for the configuration they were made for. */
function otherThanGenerated(given: Given): ConfigProblem[] {
  const schema = given['introspection.schema']
  if (schema === undefined) return []
  const values = {
    naming: given['introspection.naming'] ?? DEFAULT_NAMING,
    dates: given['introspection.dates'] ?? DEFAULT_DATES,
  }
  return (['naming', 'dates'] as const).flatMap((key) => {
    if (schema[key] === values[key]) return []
    const message = `is '${values[key]}', but the types in introspection.schema were generated for '${schema[key]}'`
    return { path: `introspection.${key}`, message }
  })
}

/** The result is a tree of our own objects and lists, so freezing downwards ends. */
function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner)
  return Object.freeze(value)
}
