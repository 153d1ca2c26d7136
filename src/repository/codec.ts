/**
 * What the values of one column become on their way into SQLite and out of it, by the column's declared type.
 *
 * Two ways in: {@link ColumnCodec.store} for a value to be kept, which refuses what SQLite would keep as something else,
 * and {@link ColumnCodec.compare} for a value to be looked for. One way out, which never fails and never loses
 * anything: SQLite does not type its columns, so what is not of the declared type comes back as it is stored.
 */
import { ValidationError } from '../errors.ts'
import { type ColumnKind, columnKind } from '../schema/column-kind.ts'
import type { ColumnInfo, TableInfo } from '../schema/types.ts'
import { type SqlValue, toSqlValue } from '../sqlite/values.ts'
import { DateColumn } from './date-column.ts'
import { parseDate } from './date-format.ts'
import { toJsonText } from './json-text.ts'

/** Whether columns of dates are read as stored or as Date: `introspection.dates`. */
export type DatesAs = 'text' | 'date'

/** What SQLite takes for a number when a text meets a numeric column (https://sqlite.org/datatype3.html#type_affinity). */
const NUMERIC_TEXT = /^[ \t\n\v\f\r]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\v\f\r]*$/
const INTEGER_TEXT = /^(?:0|-?[1-9]\d*)$/

export class ColumnCodec {
  readonly kind: ColumnKind
  /** `null` where values are read as stored. */
  readonly decode: ((value: SqlValue) => unknown) | null
  readonly #affinity: ColumnInfo['affinity']
  readonly #type: string
  readonly #dates: DateColumn

  constructor(table: TableInfo, column: ColumnInfo, datesAs: DatesAs) {
    this.kind = columnKind(column)
    this.decode = decoderOf(this.kind, column.affinity, datesAs)
    this.#affinity = column.affinity
    this.#type = column.type
    this.#dates = new DateColumn(table, column, this.kind)
  }

  /** @throws ValidationError when the column could not give the value back; `path` names it. */
  store(value: unknown, path: string): SqlValue {
    if (this.kind === 'json') return this.#json(value, path)
    if (value instanceof Date) return this.#dates.store(value, path)
    const encoded = this.#plain(value, path)
    if (this.#affinity === 'TEXT' || this.#affinity === 'BLOB') return encoded
    if (typeof encoded === 'string') return this.#numericText(encoded, path)
    if (typeof encoded === 'bigint') return this.#integer(encoded, path)
    return encoded
  }

  /** The present moment to be stored, as exactly as the column's form has it. */
  stamp(now: Date, path: string): SqlValue {
    return this.#dates.stamp(now, path)
  }

  /** @throws ValidationError when the value cannot be bound; `path` names it. */
  compare(value: unknown, path: string): SqlValue {
    if (this.kind === 'json') return this.#json(value, path)
    if (value instanceof Date) return this.#dates.compare(value, path)
    const encoded = this.#plain(value, path)
    // A REAL column has stored the nearest number, while SQLite compares with all digits of the text.
    const isReal = this.#affinity === 'REAL' && typeof encoded === 'string' && NUMERIC_TEXT.test(encoded)
    return isReal ? Number(encoded) : encoded
  }

  #json(value: unknown, path: string): SqlValue {
    return value === null || value instanceof Uint8Array ? value : toJsonText(value, path)
  }

  #plain(value: unknown, path: string): SqlValue {
    const encoded = toSqlValue(value, path)
    // SQLite would write 15 digits of a REAL into a TEXT column; JavaScript writes all that are needed.
    return typeof encoded === 'number' && this.#affinity === 'TEXT' ? String(encoded) : encoded
  }

  /** A text that a numeric column turns into a number: only where that number is the same text again. */
  #numericText(text: string, path: string): SqlValue {
    if (!NUMERIC_TEXT.test(text)) return text
    const isInteger = INTEGER_TEXT.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
    // A REAL column gives back a number with its shortest text, which beyond 2^53 may be another.
    if (isInteger && this.#affinity !== 'REAL') return this.#integer(BigInt(text), path)
    const number = Number(text)
    if (String(number) === text) return number
    throw this.#refuse(path, 'is a text that looks like a number but would come back as another text')
  }

  #integer(integer: bigint, path: string): SqlValue {
    const number = Number(integer)
    if (Number.isSafeInteger(number)) return number
    if (this.#affinity !== 'REAL' || BigInt(number) === integer) return integer
    throw this.#refuse(path, 'is an integer that a REAL column would round')
  }

  #refuse(subject: string, reason: string): ValidationError {
    return new ValidationError({
      subject,
      reason,
      advice: `The column is declared ${this.#type}, which SQLite treats as ${this.#affinity}; declare it TEXT to keep such values.`,
    })
  }
}

function decoderOf(
  kind: ColumnKind,
  affinity: ColumnInfo['affinity'],
  datesAs: DatesAs,
): ((value: SqlValue) => unknown) | null {
  if (kind === 'boolean') return affinity === 'TEXT' ? decodeBooleanText : decodeBoolean
  if (kind === 'json') return decodeJson
  if (kind === 'bigint') return decodeBigint
  return kind === 'date' && datesAs === 'date' ? decodeDate : null
}

function decodeBoolean(value: SqlValue): unknown {
  return value === 1 ? true : value === 0 ? false : value
}

/** `BOOLEAN TEXT` and the like: SQLite makes texts of 1 and 0 there. */
function decodeBooleanText(value: SqlValue): unknown {
  return value === '1' ? true : value === '0' ? false : value
}

function decodeJson(value: SqlValue): unknown {
  if (typeof value === 'string') {
    try {
      return JSON.parse(value)
    } catch {
      return value
    }
  }
  // The NUMERIC affinity of JSON columns makes an INTEGER of a number's text; beyond 2^53 it may be exact or rounded text.
  if (typeof value === 'bigint' && String(Number(value)) === String(value)) return Number(value)
  return value
}

/** Whether a number is small enough to be exact must not change its type. */
function decodeBigint(value: SqlValue): unknown {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

function decodeDate(value: SqlValue): unknown {
  return typeof value === 'string' ? (parseDate(value) ?? value) : value
}
