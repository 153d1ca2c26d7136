/**
 * Positional values for every kind of parameter. SQLite numbers all of them (https://sqlite.org/lang_expr.html#varparam):
 * `?5` is the fifth, `:name` the next free one. The driver takes only plain `?` by position, the others by name.
 */
import { StatementError } from '../errors.ts'
import { tokenize } from './tokenizer.ts'
import { type SqlValue, toDriver } from './values.ts'

/** The name of each parameter by position, `null` for a plain one. */
export type ParameterNames = readonly (string | null)[]

/** Cheap test before the exact one. */
const NAMED = /\?[0-9]|[:@$][\w\u0080-\uFFFF]/

/** `null` when all parameters are plain, so that their values are passed as they come. */
export function parameterNames(sql: string): ParameterNames | null {
  if (!NAMED.test(sql)) return null
  const names: (string | null)[] = []
  const texts = new Map<string, string>()
  for (const { kind, start, end } of tokenize(sql)) {
    if (kind !== 'parameter') continue
    const text = sql.slice(start, end)
    const name = text.slice(1)
    if (text === '?') names.push(null)
    else if (text.startsWith('?')) placeAt(names, Number(name), name)
    else if (!texts.has(name)) names.push(name)
    if (name !== '' && (texts.get(name) ?? text) !== text) {
      throw new StatementError({ reason: `the parameters ${texts.get(name)} and ${text} have one name`, sql })
    }
    texts.set(name, text)
  }
  return names.every((name) => name === null) ? null : names
}

/** How many values a statement takes. */
export function parameterCount(sql: string): number {
  const names = parameterNames(sql)
  if (names !== null) return names.length
  let count = 0
  for (const { kind } of tokenize(sql)) if (kind === 'parameter') count++
  return count
}

/** What the driver is to bind: plain values in order, then an object of the named ones. */
export function toBound(names: ParameterNames | null, values: readonly SqlValue[], sql: string): unknown[] {
  if (names === null) return values.map(toDriver)
  if (names.length !== values.length) {
    throw new StatementError({ reason: `${names.length} parameters were given ${values.length} values`, sql })
  }
  const plain: SqlValue[] = []
  const named: [string, SqlValue][] = []
  for (const [index, value] of values.entries()) {
    const name = names[index] ?? null
    if (name === null) plain.push(toDriver(value))
    else named.push([name, toDriver(value)])
  }
  return [...plain, Object.fromEntries(named)]
}

/** Parameters that a number skips over exist too, and are plain. The largest number SQLite takes is 32,766. */
function placeAt(names: (string | null)[], position: number, name: string): void {
  if (position < 1 || position > 32_766) return
  while (names.length < position) names.push(null)
  names[position - 1] = name
}
