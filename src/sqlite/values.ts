/**
 * What goes into SQLite and what comes out of it, for raw SQL and for everything built on it.
 *
 * In:  integral number, boolean, bigint → INTEGER · other number → REAL · string → TEXT · Uint8Array → BLOB ·
 *      Date → ISO-8601 UTC text · null → NULL. Everything else is refused before it reaches SQLite.
 * Out: INTEGER → number, or bigint where a number would be rounded · REAL → number · TEXT → string · BLOB → Uint8Array.
 */
import { ValidationError } from '../errors.ts'

/** A value as SQLite stores it. */
export type SqlValue = null | number | bigint | string | Uint8Array

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/**
 * Turns what callers pass into what SQLite stores; `position` (1-based) names the value in errors, its content never.
 *
 * Integral numbers stay numbers here: {@link toDriver} makes them INTEGER at the last step, because the driver binds
 * every number as REAL (`1` would be stored as `'1.0'` in a TEXT column).
 *
 * @throws ValidationError for NaN, `undefined`, an ill-formed string, an invalid Date, a bigint beyond 64 bits, an object.
 */
export function toSqlValue(value: unknown, position: number | string): SqlValue {
  switch (typeof value) {
    case 'number':
      if (Number.isNaN(value)) throw refuse(position, 'is NaN, which SQLite would store as NULL')
      return value
    case 'string':
      if (!value.isWellFormed())
        throw refuse(position, 'is a string with half of a surrogate pair, which UTF-8 cannot hold')
      return value
    case 'boolean':
      return value ? 1 : 0
    case 'bigint':
      if (value < INT64_MIN || value > INT64_MAX) throw refuse(position, 'is a bigint that needs more than 64 bits')
      return value
    case 'object':
      if (value === null) return value
      if (value instanceof Uint8Array) return ownBytes(value, position)
      if (value instanceof Date) {
        if (Number.isNaN(value.getTime())) throw refuse(position, 'is an invalid Date')
        return value.toISOString()
      }
      throw refuse(
        position,
        `is ${Array.isArray(value) ? 'an array' : 'an object'}; pass JSON.stringify(value) to store it as JSON text`,
      )
    default:
      throw refuse(
        position,
        `is ${typeof value === 'undefined' ? 'undefined; pass null for NULL' : `a ${typeof value}`}`,
      )
  }
}

/**
 * The bytes as they are at the call: what the caller does with them later is not stored, and a small view of a large
 * buffer does not take the whole of it along.
 */
function ownBytes(value: Uint8Array, position: number | string): Uint8Array {
  if ('detached' in value.buffer && value.buffer.detached) throw refuse(position, 'is a view of a detached buffer')
  return new Uint8Array(value)
}

function refuse(position: number | string, reason: string): ValidationError {
  return new ValidationError({ subject: typeof position === 'number' ? `parameter ${position}` : position, reason })
}

/** {@link toSqlValue} for a whole list of parameters. */
export function toSqlValues(values: readonly unknown[]): SqlValue[] {
  return values.map((value, index) => toSqlValue(value, index + 1))
}

/** Last step before binding: integral numbers as BigInt, so that the driver binds INTEGER (and −0 as 0). */
export function toDriver(value: SqlValue): SqlValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

/** Whether a number that the driver returned may be an INTEGER that a double cannot hold exactly. */
export function mayBeRounded(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
}

/** First step after reading with exact integers: numbers where they are exact, bigint beyond ±(2^53 − 1), plain bytes. */
export function fromDriver(value: unknown): SqlValue {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  if (Buffer.isBuffer(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return value as SqlValue
}
