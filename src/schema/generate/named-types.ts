/** The types that a user names for single columns, such as the shape of a JSON column. */
import { ValidationError } from '../../errors.ts'
import { findColumn, findTable } from '../lookup.ts'
import type { ColumnInfo, SchemaInfo } from '../types.ts'

/** `table.column`, as the database has them, and the TypeScript type of what is in it when it is not NULL. */
export type TypeMap = Readonly<Record<string, string>>

/**
 * @throws TableNotFoundError, ColumnNotFoundError with the nearest names; ValidationError for a name without a point.
 */
export function namedTypes(schema: SchemaInfo, types: TypeMap): ReadonlyMap<ColumnInfo, string> {
  return new Map(
    Object.entries(types).map(([path, type]) => {
      // Names may have points in them, so the table is the longest one that fits.
      const table = schema.tables
        .filter(({ name }) => path.startsWith(`${name}.`))
        .reduce((longest, { name }) => (name.length > longest.length ? name : longest), '')
      const point = table === '' ? path.indexOf('.') : table.length
      if (point === -1) throw refuse(path)
      return [findColumn(findTable(schema, path.slice(0, point)), path.slice(point + 1)), type]
    }),
  )
}

/** The same from a JSON document; `source` names it in errors. */
export function parseTypeMap(text: string, source: string): TypeMap {
  const value = parseJson(text, source)
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = isMap ? Object.entries(value) : []
  if (!isMap || !entries.every(([, type]) => typeof type === 'string' && type.trim() !== '')) {
    throw new ValidationError({ subject: source, reason: 'must be an object of texts', advice: EXAMPLE })
  }
  return Object.fromEntries(entries.map(([name, type]) => [name, String(type).trim()]))
}

const EXAMPLE = `Write { "users.settings": "import('./settings.ts').Settings" }.`

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ValidationError({ subject: source, reason: 'is no JSON document', advice: EXAMPLE }, { cause })
  }
}

function refuse(path: string): ValidationError {
  return new ValidationError({
    subject: `the type of "${path}"`,
    reason: 'needs a table and a column',
    advice: EXAMPLE,
  })
}
