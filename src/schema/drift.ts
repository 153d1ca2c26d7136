/** How a database differs from the description that its generated types were made from. */
import type { ResolvedConfig, SchemaDescription } from '../config/types.ts'
import { SchemaDriftError } from '../errors.ts'
import { describeSchema } from './schema-description.ts'
import type { SchemaInfo } from './types.ts'

type Columns = SchemaDescription['tables'][string]

/**
 * Says how a database that was just opened differs from `introspection.schema`: as a warning of the process, or as an
 * error. One without tables is about to be migrated.
 *
 * @throws SchemaDriftError where `introspection.drift` is `'error'`.
 */
export function reportDrift(database: SchemaInfo, { schema, drift }: ResolvedConfig['introspection']): void {
  const changes = driftOf(database, schema)
  if (changes === null || changes.length === 0) return
  const error = new SchemaDriftError({ changes })
  if (drift === 'error') throw error
  process.emitWarning(error.message, { type: 'NoormmeWarning', code: error.code, detail: error.hint })
}

/** How a database differs from the description; `null` without one. */
export function driftOf(database: SchemaInfo | null, schema: SchemaDescription | null): readonly string[] | null {
  if (schema === null || database === null) return null
  return database.tables.length === 0 ? [] : schemaDrift(schema, describeSchema(database, schema))
}

/**
 * Every difference in a sentence; none when there is none.
 *
 * @example
 * schemaDrift(schema, describeSchema(info, schema)) // ['column "users.age" is only in the types']
 */
export function schemaDrift(types: SchemaDescription, database: SchemaDescription): string[] {
  return compare(types.tables, database.tables, {
    onlyFirst: (table) => [`table "${table}" is only in the types`],
    onlySecond: (table) => [`table "${table}" is not in the types`],
    both: (table, first, second) => columnDrift(table, first, second),
  })
}

function columnDrift(table: string, types: Columns, database: Columns): string[] {
  const name = (column: string): string => `column "${table}.${column}"`
  return compare(types, database, {
    onlyFirst: (column) => [`${name(column)} is only in the types`],
    onlySecond: (column) => [`${name(column)} is not in the types`],
    both: (column, first, second) =>
      first === second ? [] : [`${name(column)} is ${declared(second)}, in the types ${declared(first)}`],
  })
}

function declared(text: string): string {
  return text === '' ? 'undeclared' : text
}

interface Found<T> {
  readonly onlyFirst: (name: string) => readonly string[]
  readonly onlySecond: (name: string) => readonly string[]
  readonly both: (name: string, first: T, second: T) => readonly string[]
}

/** In the order of the first, then what only the second has. */
function compare<T>(
  first: { readonly [name: string]: T },
  second: { readonly [name: string]: T },
  found: Found<T>,
): string[] {
  const added = Object.keys(second).filter((name) => !Object.hasOwn(first, name))
  const known = Object.entries(first).flatMap(([name, value]) =>
    Object.hasOwn(second, name) ? found.both(name, value, second[name] as T) : found.onlyFirst(name),
  )
  return [...known, ...added.flatMap(found.onlySecond)]
}
