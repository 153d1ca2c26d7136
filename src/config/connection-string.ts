/**
 * Where the database is, from the one string that says so: a plain path, `:memory:`, `sqlite:…` (taken literally) or
 * `file:…` (a URL, percent-decoded). No message repeats the string: it may hold a password.
 */
import { resolve, sep } from 'node:path'
import { pathProblem } from './path-problem.ts'
import { accept, type Checked, refuse } from './rules.ts'

export interface DatabaseLocation {
  /** Absolute path, or `':memory:'`. */
  readonly path: string
  readonly memory: boolean
}

const MEMORY = ':memory:'

/** A scheme has at least two letters: one letter before a colon is a Windows drive. */
export const SCHEME = /^([a-z][a-z0-9+.-]+):/i

/** Schemes of other databases, which may be named in a message. Any other word before a colon may be a user's name. */
const OTHER_DATABASES: ReadonlySet<string> = new Set(
  'postgres postgresql mysql mariadb mongodb mongodb+srv redis rediss libsql sqlserver mssql http https ws wss'.split(
    ' ',
  ),
)

/** Options that other drivers read from a query string, and our keys for them. */
const PARAMETER_KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    journal_mode: 'optimization.enableWALMode',
    foreign_keys: 'optimization.enableForeignKeys',
    cache_size: 'optimization.cacheSize',
    synchronous: 'optimization.synchronous',
    temp_store: 'optimization.tempStore',
    busy_timeout: 'optimization.busyTimeout',
    timeout: 'optimization.busyTimeout',
    mmap_size: 'optimization.mmapSize',
    journal_size_limit: 'optimization.journalSizeLimit',
    page_size: 'optimization.pageSize',
    auto_vacuum: 'optimization.autoVacuum',
  }),
)

/**
 * Finds the database that `text` names; a relative path starts at `cwd`.
 *
 * @example
 * parseConnectionString('sqlite:./a.db', '/srv') // { ok: true, value: { path: '/srv/a.db', memory: false } }
 */
export function parseConnectionString(text: string, cwd: string): Checked<DatabaseLocation> {
  if (text !== text.trim()) return refuse('must not begin or end with blanks')

  const located = locate(text)
  if (!located.ok) return located
  if (located.value === MEMORY) return accept({ path: MEMORY, memory: true })
  if (/^(.*[/\\])?:memory:$/i.test(located.value))
    return refuse(`names a file called ":memory:"; a database in memory is written '${MEMORY}'`)

  const problem = pathProblem(located.value)
  return problem === null ? accept({ path: resolve(cwd, located.value), memory: false }) : refuse(problem)
}

/** The path inside the string, not looked at yet. */
function locate(text: string): Checked<string> {
  const scheme = SCHEME.exec(text)?.[1]
  switch (scheme?.toLowerCase()) {
    case undefined:
      return fromPlainPath(text)
    case 'sqlite':
      return fromSqlite(text.slice('sqlite:'.length))
    case 'file':
      return fromFileUrl(text.slice('file:'.length))
    default:
      return refuse(foreignScheme(scheme ?? ''))
  }
}

/** A file name may hold a question mark; one that is followed by `name=` is a query. */
function fromPlainPath(text: string): Checked<string> {
  const query = /\?[\w.-]+=/.exec(text)
  return query === null ? accept(text) : refuse(queryProblem(text.slice(query.index + 1)))
}

function fromSqlite(rest: string): Checked<string> {
  const question = rest.indexOf('?')
  if (question !== -1) return refuse(queryProblem(rest.slice(question + 1)))

  if (!rest.startsWith('//')) return accept(rest)
  const path = rest.slice('//'.length)
  if (/^(localhost\/|[^/]*@|[^/:]+:\d+(\/|$))/i.test(path))
    return refuse('names a server; noormme opens a SQLite file, as in sqlite:///folder/app.db or sqlite:./app.db')
  return accept(withoutSlashBeforeDrive(path))
}

function fromFileUrl(rest: string): Checked<string> {
  const question = rest.indexOf('?')
  if (question !== -1) return refuse(queryProblem(rest.slice(question + 1)))
  if (rest.includes('#')) return refuse('must not have a fragment: write "#" as %23 in a file: URL')

  let path = rest
  if (rest.startsWith('//')) {
    const [, host, local] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? []
    if (host !== '' && host?.toLowerCase() !== 'localhost')
      return refuse('names a host; a file: URL is file:///folder/app.db, or file:./app.db from the working directory')
    path = local ?? ''
  }

  try {
    return accept(withoutSlashBeforeDrive(decodeURIComponent(path)))
  } catch {
    return refuse('is not percent-encoded correctly: write "%" as %25 in a file: URL')
  }
}

/** `/C:/a.db`, as URLs write it, is `C:/a.db` on Windows. */
function withoutSlashBeforeDrive(path: string): string {
  return sep === '\\' && /^\/[a-z]:/i.test(path) ? path.slice(1) : path
}

function queryProblem(query: string): string {
  const known = [...new Set(new URLSearchParams(query).keys())].flatMap((name) => {
    const key = PARAMETER_KEYS.get(name.replace(/^_/, ''))
    return key === undefined ? [] : [`${name} is ${key}`]
  })
  const keys = known.length > 0 ? known.join(', ') : 'for example optimization.busyTimeout'
  return `must not carry options behind "?": give them as configuration keys (${keys})`
}

function foreignScheme(scheme: string): string {
  return OTHER_DATABASES.has(scheme.toLowerCase())
    ? `names a ${scheme.toLowerCase()}: database; noormme opens SQLite files only`
    : 'begins with a scheme other than sqlite: or file:; a file whose name holds a colon is written with "./" before it'
}
