/**
 * Whether a read returns the same rows however often it is run, as long as nothing is committed. SQLite itself is asked:
 * the program it compiles (https://sqlite.org/opcode.html) names every function that will be called, in views and
 * subqueries too, and shows where a virtual table is opened. Whatever is not known to be repeatable is not.
 */
import type BetterSqlite3 from 'better-sqlite3'
import { firstWord, tokenize, unquote } from './tokenizer.ts'

const READS = new Set(['SELECT', 'WITH', 'VALUES'])

/** Those of the program's instructions that call a function; its name stands in P4, as `name(arguments)`. */
const CALLS = new Set(['Function', 'AggStep', 'AggStep1', 'AggInverse', 'AggValue', 'AggFinal'])

/**
 * Functions that SQLite calls deterministic, as far as the schema may use them, and that read the clock when they are
 * given the word `now`. Where it may be in a value, nobody can see it beforehand. In generated columns and indexes SQLite
 * refuses that itself; calls from there are the instruction PureFunc. https://sqlite.org/deterministic.html
 */
const READ_THE_CLOCK = ['date', 'datetime', 'julianday', 'strftime', 'time', 'timediff', 'unixepoch']

/** Functions of the full-text modules, which do not say that they are deterministic: they read their tables only. */
const FULL_TEXT = ['bm25', 'highlight', 'snippet']

/** Virtual tables that keep all they know in ordinary tables of the file, or in their arguments. */
const OWN_TABLES = new Set('fts3 fts4 fts4aux fts5 fts5vocab geopoly json_each json_tree rtree rtree_i32'.split(' '))

/** Deterministic, by its own word, or one of SQLite's aggregates, which carry no such mark. */
const FUNCTIONS = `
  SELECT lower(name) FROM pragma_function_list GROUP BY lower(name)
  HAVING min((flags & 0x800) <> 0 OR (builtin AND type <> 's'))`

const STORED_READS = `
  SELECT type, name, sql FROM main.sqlite_schema WHERE type = 'view' OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL %')`

interface Stored {
  readonly type: 'view' | 'table'
  readonly name: string
  readonly sql: string
}

export class Repeatable {
  readonly #database: BetterSqlite3.Database
  #functions: ReadonlySet<string> | null = null

  constructor(database: BetterSqlite3.Database) {
    this.#database = database
  }

  /** Judges a reading statement by the schema as the connection knows it now. */
  check(sql: string, bound: readonly unknown[]): boolean {
    if (!READS.has(firstWord(sql))) return false
    const program = this.#database
      .prepare(`EXPLAIN ${sql}`)
      .raw()
      .all(...bound) as unknown[][]
    let opensVirtual = false
    for (const [, opcode, , , , p4] of program) {
      if (CALLS.has(opcode as string) && !this.#known().has(calledName(p4))) return false
      if (opcode === 'VOpen') opensVirtual = true
    }
    return !opensVirtual || this.#virtualsAreOwn(sql)
  }

  #known(): ReadonlySet<string> {
    if (this.#functions === null) {
      const functions = new Set(this.#database.prepare(FUNCTIONS).pluck().all() as string[])
      for (const name of READ_THE_CLOCK) functions.delete(name)
      for (const name of FULL_TEXT) functions.add(name)
      this.#functions = functions
    }
    return this.#functions
  }

  /**
   * The program does not say which virtual table it opens. So none that is not known to keep its data in the file may be
   * named in the statement, nor in any view, whichever the statement uses.
   */
  #virtualsAreOwn(sql: string): boolean {
    const modules = this.#database.prepare('SELECT lower(name) FROM pragma_module_list').pluck().all() as string[]
    const foreign = new Set(modules.filter((name) => !OWN_TABLES.has(name)))
    const stored = this.#database.prepare(STORED_READS).all() as Stored[]
    const views = stored.filter(({ type }) => type === 'view')
    const tables = stored.filter(({ type }) => type === 'table')
    for (const table of tables) if (!OWN_TABLES.has(moduleOf(table.sql))) foreign.add(table.name.toLowerCase())
    // Full-text tables may take their text from elsewhere, where the program no longer shows what happens.
    const elsewhere = new Set([...foreign, ...views.map(({ name }) => name.toLowerCase())])
    for (const table of tables) if (mentions(table.sql, elsewhere)) foreign.add(table.name.toLowerCase())
    return ![sql, ...views.map((view) => view.sql)].some((text) => mentions(text, foreign))
  }
}

function calledName(p4: unknown): string {
  const text = String(p4)
  return text.slice(0, text.lastIndexOf('(')).toLowerCase()
}

function moduleOf(sql: string): string {
  let next = false
  for (const { kind, start, end } of tokenize(sql)) {
    const text = sql.slice(start, end)
    if (next) return unquote(text).toLowerCase()
    next = kind === 'word' && text.toUpperCase() === 'USING'
  }
  return ''
}

/** Whether one of the names stands in the text, bare or in quotes of any kind; PRAGMAs in the clothes of tables count. */
function mentions(sql: string, names: ReadonlySet<string>): boolean {
  for (const { start, end } of tokenize(sql)) {
    const name = unquote(sql.slice(start, end)).toLowerCase()
    if (names.has(name) || name.startsWith('pragma_')) return true
  }
  return false
}
