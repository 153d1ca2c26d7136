/** Walks a configuration object, checks every value by the rule of its key, and gathers all problems on the way. */
import type { ConfigProblem } from '../errors.ts'
import { type Given, isKey, RULES, SECTIONS } from './keys.ts'
import { describe, isPlainObject, type Rule } from './rules.ts'
import { unknownKey } from './suggest.ts'

export interface Collected {
  readonly given: Given
  readonly problems: readonly ConfigProblem[]
}

/** `undefined` means not given, at every level. Nothing of `input` is kept. */
export function collect(input: Readonly<Record<string, unknown>>): Collected {
  const given = new Map<string, unknown>()
  const problems: ConfigProblem[] = []

  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    if (SECTIONS.includes(name)) section(name, value)
    else if (name.includes('.')) problems.push({ path: name, message: dottedKey(name) })
    else leaf(name, value)
  }
  // Each value has passed the rule of its own key, which is what Given says.
  return { given: Object.fromEntries(given) as Given, problems }

  function section(path: string, value: unknown): void {
    if (!isPlainObject(value)) {
      problems.push({ path, message: `must be an object with keys, got ${describe(value)}` })
      return
    }
    for (const [name, inner] of Object.entries(value)) if (inner !== undefined) leaf(`${path}.${name}`, inner)
  }

  function leaf(path: string, value: unknown): void {
    if (!isKey(path)) {
      problems.push({ path, message: unknownKey(path) })
      return
    }
    const rule: Rule<unknown> = RULES[path]
    const checked = rule(value)
    if (checked.ok) given.set(path, checked.value)
    else problems.push({ path, message: checked.problem })
  }
}

function dottedKey(name: string): string {
  const [section, key] = name.split('.')
  return isKey(name) ? `is a path, not a key: write ${section}: { ${key}: … }` : unknownKey(name)
}
