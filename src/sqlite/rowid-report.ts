/**
 * What the last statement on a connection changed. `last_insert_rowid()` belongs to the connection, not to the
 * statement: an upsert that updated, or an INSERT into a WITHOUT ROWID table, leaves the number of somebody else's row
 * (https://sqlite.org/c3ref/last_insert_rowid.html). Where a statement may leave it untouched, it is set to a value that
 * no table uses before that statement runs.
 */
import type BetterSqlite3 from 'better-sqlite3'
import { tokenize } from './tokenizer.ts'

const UNSET = -(2n ** 63n)
/** `INSERT OR REPLACE INTO main . name` */
const LONGEST_HEAD = 7

export interface InsertTarget {
  /** The table's name as written, unquoted; `null` when it could not be read off the text. */
  readonly table: string | null
  /** Has an ON CONFLICT clause and may update instead. */
  readonly upsert: boolean
}

export class RowidReport {
  readonly #reset: BetterSqlite3.Statement
  readonly #read: BetterSqlite3.Statement
  readonly #plainTable: BetterSqlite3.Statement

  constructor(database: BetterSqlite3.Database) {
    database.exec('CREATE TEMP TABLE noormme_rowid (id INTEGER PRIMARY KEY)')
    this.#reset = database.prepare('INSERT OR REPLACE INTO temp.noormme_rowid (id) VALUES (?)')
    this.#read = database.prepare('SELECT changes(), last_insert_rowid()').raw().safeIntegers()
    this.#plainTable = database.prepare(
      "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0 AND name = ? COLLATE NOCASE",
    )
  }

  /** `own`: the rowid after it is its own. `uncertain`: reset first. `null`: inserts nothing. */
  certainty(target: InsertTarget | null): 'own' | 'uncertain' | null {
    if (target === null) return null
    const plain = target.table !== null && this.#plainTable.get(target.table) !== undefined
    return plain && !target.upsert ? 'own' : 'uncertain'
  }

  reset(): void {
    this.#reset.run(UNSET)
  }

  isReset(rowid: number | bigint | null): boolean {
    return rowid === UNSET
  }

  read(): { changes: number; lastInsertRowid: bigint } {
    const [changes, lastInsertRowid] = this.#read.get() as [bigint, bigint]
    return { changes: Number(changes), lastInsertRowid }
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
    else if (word === 'SELECT' || word === 'UPDATE' || word === 'DELETE') return null
    if (head.length === LONGEST_HEAD) break
    if (text === '(') depth++
    if (text === ')') depth--
  }
  return head.length === 0 ? null : head
}

function unquote(text: string): string {
  const quote = text.charAt(0)
  if (quote === '[') return text.slice(1, -1)
  return /["'`]/.test(quote) ? text.slice(1, -1).replaceAll(quote + quote, quote) : text
}
