/**
 * The rule of `tables`: what repositories do by themselves, table by table. Whether there are such tables and columns
 * only the database can tell, so that is asked when it is open.
 */
import { nearest } from '../util/nearest.ts'
import { accept, describe, isPlainObject, type Rule, refuse } from './rules.ts'
import { isStandardSchema, type StandardSchema } from './standard-schema.ts'

/** What repositories of one table do by themselves. */
export interface TableConfig {
  /**
   * Column that counts the changes of a row. `update` of a row that has been changed since it was read rejects with
   * `StaleRowError`. Default: none.
   */
  readonly version?: string | undefined
  /** Column that is set when a row is made; `false`: none, whatever `timestamps.createdAt` says. */
  readonly createdAt?: string | false | undefined
  /** Column that is set at every change of a row; `false`: none, whatever `timestamps.updatedAt` says. */
  readonly updatedAt?: string | false | undefined
  /** What data must pass before it is written. Default: nothing. */
  readonly validate?: ValidateConfig | undefined
}

/** Schemas of any library that follows https://standardschema.dev. What they return is what is stored. */
export interface ValidateConfig {
  /** For whole rows: `create`, `createMany`, `findOrCreate`, `upsert`, `upsertMany`. */
  readonly insert?: StandardSchema | undefined
  /** For patches, which hold some columns only: `update`, `updateMany`, and the patch of `upsert`. */
  readonly update?: StandardSchema | undefined
}

const COLUMNS = ['version', 'createdAt', 'updatedAt']
const OPTIONS = [...COLUMNS, 'validate']
const SCHEMAS = ['insert', 'update']

export function tableOptions(): Rule<ReadonlyMap<string, TableConfig>> {
  return (value) => {
    if (!isPlainObject(value)) return refuse(`must be an object with a key for each table, got ${describe(value)}`)
    const tables = new Map<string, TableConfig>()
    const problems: string[] = []
    for (const [name, options] of Object.entries(value)) {
      if (options === undefined) continue
      const wrong = problemsOf(name, options)
      if (wrong.length > 0) problems.push(...wrong)
      else tables.set(name, copyOf(options as TableConfig))
    }
    return problems.length === 0 ? accept(tables) : refuse(`must hold what there is for tables: ${problems.join(', ')}`)
  }
}

/** The name of a column; whether there is one only the database can tell. */
export function columnName(): Rule<string> {
  return (value) =>
    typeof value === 'string' && value !== ''
      ? accept(value)
      : refuse(`must be the name of a column, got ${describe(value)}`)
}

function problemsOf(table: string, options: unknown): string[] {
  if (!isPlainObject(options)) return [`${table} must be an object, got ${describe(options)}`]
  return Object.entries(options).flatMap(([name, value]) => {
    const path = `${table}.${name}`
    if (!OPTIONS.includes(name)) return [unknown(path, name, OPTIONS)]
    if (value === undefined) return []
    if (name === 'validate') return schemaProblems(path, value)
    if (typeof value === 'string' && value !== '') return []
    if (value === false && name !== 'version') return []
    return [`${path} must be the name of a column${name === 'version' ? '' : ' or false'}, got ${describe(value)}`]
  })
}

function schemaProblems(path: string, value: unknown): string[] {
  if (isStandardSchema(value) || !isPlainObject(value)) {
    const got = isStandardSchema(value) ? 'one schema' : describe(value)
    return [`${path} must be { insert: schema, update: schema of a patch }, got ${got}`]
  }
  return Object.entries(value).flatMap(([name, schema]) => {
    if (!SCHEMAS.includes(name)) return [unknown(`${path}.${name}`, name, SCHEMAS)]
    if (schema === undefined || isStandardSchema(schema)) return []
    return [`${path}.${name} must be a schema that follows standardschema.dev, got ${describe(schema)}`]
  })
}

function unknown(path: string, name: string, known: readonly string[]): string {
  const [meant] = nearest(name, known)
  return `${path} is no option${meant === undefined ? ` (options: ${known.join(', ')})` : `; did you mean ${meant}?`}`
}

/** The schemas themselves are the user's objects and may have state: only what holds them is frozen. */
function copyOf({ validate, ...columns }: TableConfig): TableConfig {
  return Object.freeze(validate === undefined ? columns : { ...columns, validate: Object.freeze({ ...validate }) })
}
