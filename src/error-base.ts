/** What every error of the catalogue is made of; the catalogue itself is `errors.ts`. */

/** Base class of every error of this package. Ask `code`, not the message. */
export class NoormmeError extends Error {
  /** Stable identifier, one per class: `NOORMME_BUSY`, `NOORMME_UNIQUE`, … Listed in `docs/errors.md`. */
  readonly code: string
  /** `true` when the same call may succeed if it is simply made again. */
  readonly retryable: boolean
  /** What to do about it, in one sentence. */
  readonly hint: string
  /** The facts the message was made of: table, columns, path, limit, … Never a bound value. */
  readonly context: Readonly<Record<string, unknown>>
  /** SQLite's extended result code (`SQLITE_CONSTRAINT_UNIQUE`), when SQLite reported one. */
  readonly sqliteCode: string | undefined

  constructor(init: NoormmeErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = new.target.name
    this.code = init.code
    this.retryable = init.retryable
    this.hint = init.hint
    this.context = Object.freeze({ ...init.context })
    this.sqliteCode = init.sqliteCode
  }
}

export interface NoormmeErrorInit {
  readonly code: string
  readonly message: string
  readonly retryable: boolean
  readonly hint: string
  readonly context: object
  readonly cause?: unknown
  readonly sqliteCode?: string | undefined
}

/** What a caller may attach when it throws: the underlying error and SQLite's extended code. */
export interface ErrorOrigin {
  readonly cause?: unknown
  readonly sqliteCode?: string | undefined
}

export interface Definition<Facts> {
  readonly message: (facts: Facts) => string
  readonly hint: string | ((facts: Facts) => string)
  /** Default: `false`. */
  readonly retryable?: boolean | ((facts: Facts) => boolean)
}

export interface ErrorClass<Facts> {
  readonly code: string
  new (facts: Facts, origin?: ErrorOrigin): NoormmeError & { readonly context: Readonly<Facts> }
}

export interface AnyErrorClass {
  readonly code: string
  new (facts: never, origin?: ErrorOrigin): NoormmeError
}

export function define<Facts extends object>(code: string, definition: Definition<Facts>): ErrorClass<Facts> {
  return class extends NoormmeError {
    static readonly code = code
    declare readonly context: Readonly<Record<string, unknown>> & Readonly<Facts>

    constructor(facts: Facts, origin: ErrorOrigin = {}) {
      super({
        code,
        message: definition.message(facts),
        retryable:
          typeof definition.retryable === 'function' ? definition.retryable(facts) : (definition.retryable ?? false),
        hint: typeof definition.hint === 'string' ? definition.hint : definition.hint(facts),
        context: facts,
        cause: origin.cause,
        sqliteCode: origin.sqliteCode,
      })
    }
  }
}

/** ` Did you mean "users"?` or nothing: the tail of every message about an unknown name. */
export function didYouMean(nearest: readonly string[]): string {
  return nearest.length === 0 ? '' : ` Did you mean ${nearest.map((name) => `"${name}"`).join(' or ')}?`
}

export const inSql = (sql: string | undefined): string => (sql === undefined ? '' : ` in: ${shorten(sql)}`)

/** SQL in a message is context, not a dump: whitespace folded, cut at 300 characters. */
function shorten(sql: string): string {
  const folded = sql.replace(/\s+/g, ' ').trim()
  return folded.length <= 300 ? folded : `${folded.slice(0, 299)}…`
}
