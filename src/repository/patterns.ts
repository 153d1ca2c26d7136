/** Patterns of LIKE and GLOB. */
import { refuse } from './refusals.ts'
import { nameOf } from './row-key.ts'

/** @throws ValidationError for what is no text, or one that SQLite would not read to its end. */
export function textPattern(operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw refuse(path, `must be a string, got ${nameOf(operand)}`)
  // SQLite's LIKE and GLOB read up to the first NUL: what follows would be ignored.
  if (operand.includes('\0')) throw refuse(path, 'contains a NUL character, where SQLite would stop comparing')
  if (!operand.isWellFormed()) throw refuse(path, 'is a string with half of a surrogate pair, which UTF-8 cannot hold')
  return operand
}

/** The text as a pattern that finds just that, with `ESCAPE '\'`. */
export function escapeWildcards(operand: unknown, path: string): string {
  return textPattern(operand, path).replace(/[\\%_]/g, '\\$&')
}
