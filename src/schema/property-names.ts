/** What tables and columns are called in JavaScript: `introspection.naming`. */
import type { Naming } from '../config/types.ts'
import { ConfigError, type ConfigProblem } from '../errors.ts'
import { foldName } from './naming.ts'
import type { SchemaInfo } from './types.ts'

/**
 * The JavaScript name of a table, column or relation. In camelCase an underscore between two characters goes and the
 * next letter is a capital; a name without small letters is written small first. Any other name stays as it is.
 *
 * @example
 * propertyName('user_id', 'camelCase') // 'userId', as for 'USER_ID' and 'userId'
 * propertyName('_user_id', 'camelCase') // '_userId'
 * propertyName('user_id', 'stored') // 'user_id'
 */
export function propertyName(name: string, naming: Naming): string {
  if (naming === 'stored' || !name.includes('_')) return name
  const small = /\p{Ll}/u.test(name) ? name : name.toLowerCase()
  return small.replace(/(?<=[^_])_+([^_])/gu, (_, next: string) => next.toUpperCase())
}

/**
 * Names must stay apart, also for SQLite, which does not tell `userid` from `userId`.
 *
 * @throws ConfigError naming all pairs of tables, and of columns of one table, that would have one name.
 */
export function assertDistinctNames({ tables }: SchemaInfo, naming: Naming): void {
  if (naming === 'stored') return
  const problems = [
    ...clashes(tables, 'tables'),
    ...tables.flatMap(({ name, columns }) => clashes(columns, `columns of "${name}"`)),
  ]
  if (problems.length > 0) throw new ConfigError({ problems })
}

function clashes(items: readonly { readonly name: string }[], what: string): ConfigProblem[] {
  const groups = Map.groupBy(items, ({ name }) => foldName(propertyName(name, 'camelCase')))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined || group.length === 1) return []
    const names = group.map(({ name }) => `"${name}"`).join(' and ')
    const message = `must not be 'camelCase': ${names}, ${what}, would both be ${propertyName(first.name, 'camelCase')}`
    return { path: 'introspection.naming', message }
  })
}

/** The names of a schema in camelCase and in the database, both ways. */
export interface CamelCaseNames {
  /** For each name in camelCase the names that it can mean, each with the tables that have it. */
  readonly stored: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
  /** For each name in the database the one in camelCase, where that is another. */
  readonly properties: ReadonlyMap<string, string>
}

const namesOf = new WeakMap<SchemaInfo, CamelCaseNames>()

/** Found out once for each schema that was read. */
export function camelCaseNames(schema: SchemaInfo): CamelCaseNames {
  const names = namesOf.get(schema) ?? findNames(schema)
  namesOf.set(schema, names)
  return names
}

function findNames({ tables }: SchemaInfo): CamelCaseNames {
  const stored = new Map<string, Map<string, Set<string>>>()
  const properties = new Map<string, string>()
  const add = (name: string, table: string): void => {
    const property = propertyName(name, 'camelCase')
    if (property !== name) properties.set(name, property)
    const choices = stored.get(property) ?? new Map<string, Set<string>>()
    choices.set(name, (choices.get(name) ?? new Set()).add(table))
    stored.set(property, choices)
  }
  for (const table of tables) {
    add(table.name, table.name)
    for (const { name } of table.columns) add(name, table.name)
  }
  return { stored, properties }
}
