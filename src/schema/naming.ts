/** Names: how SQLite compares them, how they are quoted, and how finders spell them. */
import { ValidationError } from '../errors.ts'

/**
 * A name as SQLite compares it: only the letters A to Z lose their case, so `GRÖSSE` and `größe` stay different
 * (https://sqlite.org/c3ref/stricmp.html).
 */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/**
 * Any name as an SQL identifier. The only way a name gets into SQL.
 *
 * @example
 * quoteIdentifier('order-items') // "order-items"
 * quoteIdentifier('a"b') // "a""b"
 *
 * @throws ValidationError for a name that SQL text cannot carry: with a NUL character, or with half a surrogate pair.
 */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw refuse('contains a NUL character, where SQLite would end the statement')
  if (!name.isWellFormed()) throw refuse('contains half of a surrogate pair, which UTF-8 cannot hold')
  return `"${name.replaceAll('"', '""')}"`
}

function refuse(reason: string): ValidationError {
  return new ValidationError({ subject: 'the identifier', reason, advice: 'Use a name that the database can have.' })
}

/**
 * A column's name as it stands in a finder (`findBy…`): each run of letters and digits begins with a capital, what
 * lies between is dropped.
 *
 * @example
 * toPascalCase('user_id') // 'UserId', as for 'userId'
 * toPascalCase('order-items') // 'OrderItems'
 * toPascalCase('2fa') // '2fa'
 */
export function toPascalCase(column: string): string {
  return column
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
