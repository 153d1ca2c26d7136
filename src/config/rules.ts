/**
 * The kinds of value a key can have. A rule looks at one value and says what to use, or what is wrong with it, as a
 * sentence without its subject. Numbers may be repeated in such a sentence; strings never: they may be secrets.
 */
import { pathProblem } from './path-problem.ts'

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

export type Rule<T> = (value: unknown) => Checked<T>

export function accept<T>(value: T): Checked<T> {
  return { ok: true, value }
}

export function refuse(problem: string): Checked<never> {
  return { ok: false, problem }
}

export function boolean(): Rule<boolean> {
  return (value) =>
    typeof value === 'boolean' ? accept(value) : refuse(`must be true or false, got ${describe(value)}`)
}

/** A whole number; `max` left out means as far as a number is exact. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Rule<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? accept(value + 0) // −0 becomes 0
      : refuse(`must be an integer ${range}, got ${describe(value)}`)
}

export function powerOfTwo(min: number, max: number): Rule<number> {
  return (value) =>
    typeof value === 'number' && value >= min && value <= max && Number.isInteger(Math.log2(value))
      ? accept(value)
      : refuse(`must be a power of two from ${min} to ${max}, got ${describe(value)}`)
}

/** One of a few words, in any case. */
export function oneOf<const Choice extends string>(...choices: readonly Choice[]): Rule<Choice> {
  const list = choices.map((choice) => `'${choice}'`).join(', ')
  const expected = choices.length === 1 ? `must be ${list}` : `must be one of ${list}`
  return (value) => {
    const word = typeof value === 'string' ? value.toLowerCase() : null
    const choice = choices.find((one) => one.toLowerCase() === word)
    if (choice !== undefined) return accept(choice)
    return refuse(`${expected}, got ${word === null ? describe(value) : 'another string'}`)
  }
}

export function text(): Rule<string> {
  return (value) => (typeof value === 'string' ? accept(value) : refuse(`must be a string, got ${describe(value)}`))
}

export function pathList(): Rule<readonly string[]> {
  return (value) => {
    if (!Array.isArray(value)) return refuse(`must be a list of paths, got ${describe(value)}`)
    const items: readonly unknown[] = Array.from(value)
    const problems = items.flatMap((item, index) => {
      const problem = typeof item === 'string' ? pathProblem(item) : `must be a string, got ${describe(item)}`
      return problem === null ? [] : [`[${index}] ${problem}`]
    })
    return problems.length === 0
      ? accept(items.filter((item) => typeof item === 'string'))
      : refuse(`must hold paths only: ${problems.join(', ')}`)
  }
}

/** A field that only a database server has. What stands in it is never repeated: it may be a password. */
export function serverField(): Rule<null> {
  return (value) =>
    value === '' || value === 0
      ? accept(null)
      : refuse('must be empty or left out: it belongs to a database server, and noormme opens a SQLite file')
}

/** What was given, for a message: numbers as they are, anything else by its kind. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  switch (typeof value) {
    case 'number':
      return String(value)
    case 'object':
      return isPlainObject(value) ? 'an object' : 'an instance of a class'
    case 'undefined':
      return 'undefined'
    default:
      return `a ${typeof value}`
  }
}

/** An object written as `{ … }` or parsed from JSON; also one of another realm, as some test runners make them. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: object | null = Object.getPrototypeOf(value)
  return prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
}
