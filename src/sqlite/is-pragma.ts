/** Whether a statement is a PRAGMA, whatever stands before the word. */
import { tokenize } from './tokenizer.ts'

export function isPragma(sql: string): boolean {
  if (!/pragma/i.test(sql)) return false
  for (const { kind, start, end } of tokenize(sql)) {
    if (kind !== 'semicolon') return sql.slice(start, end).toUpperCase() === 'PRAGMA'
  }
  return false
}
