/**
 * The rowid that a write inserted. `last_insert_rowid()` belongs to the connection, not to the statement: an upsert that
 * updated, or an INSERT into a WITHOUT ROWID table, leaves the number of somebody else's row
 * (https://sqlite.org/c3ref/last_insert_rowid.html). Where a statement may leave it untouched, it is set to a value that
 * no table uses before that statement runs, and put back before anything asks for it.
 *
 * A statement that may leave it untouched and asks for it itself cannot have it changed under its hands: there the
 * number counts as the statement's own only when it is another one than before.
 */
import type BetterSqlite3 from 'better-sqlite3'
import { tokenize, unquote } from './tokenizer.ts'

/** The writer's own temporary table: inserting into it is the only way to set `last_insert_rowid()` from SQL. */
export const ROWID_TABLE = 'noormme_rowid'

const UNSET = -(2n ** 63n)
/** `INSERT OR REPLACE INTO main . name` */
const LONGEST_HEAD = 7
const ASKS = /last_insert_rowid/i

/** What to do about the rowid of one statement; holds for one version of the schema. */
export interface RowidPlan {
  /** `own`: it is certainly the statement's own. `null`: inserts nothing. */
  readonly rowid: 'own' | 'reset' | 'compare' | null
  /** It, or a trigger it may fire, reads `last_insert_rowid()`. */
  readonly asks: boolean
}

export const NO_PLAN: RowidPlan = { rowid: null, asks: false }

export interface InsertTarget {
  /** The table's name as written, unquoted; `null` when it could not be read off the text. */
  readonly table: string | null
  /** Has an ON CONFLICT clause and may update instead. */
  readonly upsert: boolean
}

export class RowidReport {
  readonly #set: BetterSqlite3.Statement
  readonly #fill: BetterSqlite3.Statement
  readonly #empty: BetterSqlite3.Statement
  readonly #read: BetterSqlite3.Statement
  readonly #plainTable: BetterSqlite3.Statement
  readonly #schemaAsks: BetterSqlite3.Statement
  /** What `last_insert_rowid()` was before it was reset, while SQLite itself no longer knows it. */
  #displaced = 0n
  #before = 0n
  #schema = { version: -1, asks: false }

  constructor(database: BetterSqlite3.Database) {
    database.exec(`CREATE TEMP TABLE ${ROWID_TABLE} (id INTEGER PRIMARY KEY)`)
    this.#set = database.prepare(`INSERT OR REPLACE INTO temp.${ROWID_TABLE} (id) VALUES (?)`)
    this.#fill = database.prepare(
      `INSERT OR REPLACE INTO temp.${ROWID_TABLE} (id) WITH RECURSIVE goal(last) AS (SELECT ?),
        number(id) AS (SELECT 1 FROM goal WHERE last > 0 UNION ALL SELECT id + 1 FROM number, goal WHERE id < last)
        SELECT id FROM number`,
    )
    this.#empty = database.prepare(`DELETE FROM temp.${ROWID_TABLE} WHERE id BETWEEN 1 AND ?`)
    this.#read = database.prepare('SELECT changes(), last_insert_rowid()').raw().safeIntegers()
    this.#plainTable = database.prepare(
      "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 AND name = ? COLLATE NOCASE",
    )
    this.#schemaAsks = database.prepare("SELECT 1 FROM main.sqlite_schema WHERE sql LIKE '%last_insert_rowid%'")
  }

  /** What to do for `sql` while the schema has this version. */
  plan(sql: string, version: number): RowidPlan {
    if (this.#schema.version !== version) this.#schema = { version, asks: this.#schemaAsks.get() !== undefined }
    const target = insertTarget(sql)
    const asks = ASKS.test(sql) || this.#schema.asks
    if (target === null) return { rowid: null, asks }
    const plain = target.table !== null && this.#plainTable.get(target.table) !== undefined
    if (plain && !target.upsert) return { rowid: 'own', asks }
    return { rowid: asks ? 'compare' : 'reset', asks }
  }

  /** Before the statement runs. */
  prepare({ rowid, asks }: RowidPlan): void {
    if (asks) this.#restore()
    if (rowid !== 'reset' && rowid !== 'compare') return
    const { lastInsertRowid } = this.read()
    this.#before = lastInsertRowid
    if (rowid === 'compare') return
    if (lastInsertRowid !== UNSET) this.#displaced = lastInsertRowid
    this.#set.run(UNSET)
  }

  /** After it ran: the rowid, where the statement inserted it itself. */
  ownRowid({ rowid }: RowidPlan, changes: number, lastInsertRowid: bigint): bigint | null {
    if (rowid === null || changes === 0) return null
    if (rowid === 'compare') return lastInsertRowid === this.#before ? null : lastInsertRowid
    return rowid === 'reset' && lastInsertRowid === UNSET ? null : lastInsertRowid
  }

  /** What SQLite reports for the statement that ran last. */
  read(): { changes: number; lastInsertRowid: bigint } {
    const [changes, lastInsertRowid] = this.#read.get() as [bigint, bigint]
    return { changes: Number(changes), lastInsertRowid }
  }

  /** Puts `last_insert_rowid()` back to what SQLite would say, and leaves `changes()` as it is. */
  #restore(): void {
    const { changes, lastInsertRowid } = this.read()
    if (lastInsertRowid !== UNSET) return
    this.#fill.run(changes)
    this.#set.run(this.#displaced)
    this.#empty.run(changes)
  }
}

/** Where an INSERT or REPLACE (also after WITH) puts its rows; `null` for every other statement. */
export function insertTarget(sql: string): InsertTarget | null {
  const head = insertHead(sql)
  if (head === null) return null
  const into = head.findIndex((text) => text.toUpperCase() === 'INTO')
  const name = into === -1 ? undefined : head[into + 2] === '.' ? head[into + 3] : head[into + 1]
  // A mere mention of the word only costs a reset.
  return { table: name === undefined ? null : unquote(name), upsert: /conflict/i.test(sql) }
}

/** The first tokens from the outermost INSERT or REPLACE on; `null` when the statement's main verb is another. */
function insertHead(sql: string): string[] | null {
  const head: string[] = []
  let depth = 0
  for (const { kind, start, end } of tokenize(sql)) {
    const text = sql.slice(start, end)
    const word = kind === 'word' && depth === 0 ? text.toUpperCase() : ''
    if (head.length > 0 || word === 'INSERT' || word === 'REPLACE') head.push(text)
    else if (OTHER_VERBS.has(word)) return null
    if (head.length === LONGEST_HEAD) break
    if (text === '(') depth++
    if (text === ')') depth--
  }
  return head.length === 0 ? null : head
}

const OTHER_VERBS = new Set(['SELECT', 'VALUES', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'PRAGMA', 'EXPLAIN'])
