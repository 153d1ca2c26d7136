/** The rule of `kysely.plugins`: the only values of a configuration that are objects of the user's own, used as they are. */
import type { KyselyPlugin } from 'kysely'
import { accept, describe, type Rule, refuse } from './rules.ts'

export function pluginList(): Rule<readonly KyselyPlugin[]> {
  return (value) => {
    if (!Array.isArray(value)) return refuse(`must be a list of Kysely plugins, got ${describe(value)}`)
    const items: readonly unknown[] = Array.from(value)
    const problems = items.flatMap((item, index) =>
      isPlugin(item) ? [] : [`[${index}] must have transformQuery() and transformResult(), got ${describe(item)}`],
    )
    return problems.length === 0
      ? accept(items.filter(isPlugin))
      : refuse(`must hold Kysely plugins only: ${problems.join(', ')}`)
  }
}

function isPlugin(value: unknown): value is KyselyPlugin {
  if (typeof value !== 'object' || value === null) return false
  const { transformQuery, transformResult } = value as Partial<Record<keyof KyselyPlugin, unknown>>
  return typeof transformQuery === 'function' && typeof transformResult === 'function'
}
