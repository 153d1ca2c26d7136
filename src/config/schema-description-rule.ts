/** The rule of `introspection.schema`: what `noormme generate` wrote, copied so that the user's object stays their own. */
import { accept, describe, isPlainObject, type Rule, refuse } from './rules.ts'
import type { SchemaDescription } from './types.ts'

export function schemaDescription(): Rule<SchemaDescription> {
  return (value) => {
    if (!isPlainObject(value)) return refuse(`must be the schema of a generated file, got ${describe(value)}`)
    const { naming, dates, tables } = value
    const isOurs =
      (naming === 'stored' || naming === 'camelCase') && (dates === 'text' || dates === 'date') && isTables(tables)
    if (!isOurs) return refuse('must be the schema of a generated file: write it anew with noormme generate')
    return accept({ naming, dates, tables: structuredClone(tables) })
  }
}

function isTables(value: unknown): value is SchemaDescription['tables'] {
  if (!isPlainObject(value)) return false
  return Object.values(value).every(
    (columns) => isPlainObject(columns) && Object.values(columns).every((text) => typeof text === 'string'),
  )
}
