/** Data through a schema of https://standardschema.dev: what it returns is what is stored. */
import type { StandardIssue, StandardResult, StandardSchema } from '../../config/standard-schema.ts'
import { ValidationError } from '../../errors.ts'
import { columnToWrite, rowObject } from '../row-data.ts'
import { isThenable } from '../row-key.ts'
import type { TableModel } from '../table-model.ts'

/** A schema that refuses ten thousand elements must not make a message of ten thousand paths. */
const MAX_NAMED_PATHS = 5

type Data = Record<string, unknown>

export interface Validation {
  readonly model: TableModel
  /** `null`: nothing to check. */
  readonly schema: StandardSchema | null
  /** The method, for errors. */
  readonly subject: string
}

/**
 * What the schema makes of a whole row. Names are checked first: a schema may drop what it does not know, and a misspelt
 * column must not vanish with it. At once where the schema is synchronous.
 *
 * @throws ValidationError with the schema's issues; ColumnNotFoundError.
 */
export function validateRow(validation: Validation, data: unknown): Data | Promise<Data> {
  const { model, schema, subject } = validation
  // Also where nothing is to be checked: the caller awaits the answer, and a Promise given as data is a mistake.
  const row = rowObject(data, subject)
  if (schema === null) return row
  for (const name of Object.keys(row)) columnToWrite(model, name, subject)
  const result = schema['~standard'].validate(row)
  return settle(result, (settled) => passedValue(validation, settled))
}

/**
 * What the schema makes of a patch: of the columns that the patch names and no others, so that a default in the schema
 * does not overwrite what is stored.
 */
export function validatePatch(validation: Validation, data: unknown): Data | Promise<Data> {
  const patch = rowObject(data, validation.subject)
  if (validation.schema === null) return patch
  const named = new Set(Object.keys(patch))
  return settle(validateRow(validation, patch), (value) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => named.has(name))),
  )
}

function settle<T extends object>(value: T | Promise<T>, then: (value: T) => Data): Data | Promise<Data> {
  return isThenable(value) ? (value as Promise<T>).then(then) : then(value as T)
}

function passedValue({ model, subject }: Validation, result: StandardResult): Data {
  if (result.issues === undefined) return rowObject(result.value, `what the schema made of ${subject}'s data`)
  const issues = result.issues.map(({ message, path }) => ({ path: pathText(path), message }))
  const paths = [...new Set(issues.map(({ path }) => (path === '' ? 'the row' : path)))]
  const more = paths.length - MAX_NAMED_PATHS
  const named = paths.slice(0, MAX_NAMED_PATHS).join(', ')
  throw new ValidationError({
    subject: `${subject} of "${model.table.name}"`,
    reason: `was given data that its schema refuses: ${named}${more > 0 ? ` and ${more} more` : ''}`,
    advice: 'context.issues has what the schema says of each.',
    issues,
  })
}

/** `tags[2].name`. */
function pathText(path: StandardIssue['path'] = []): string {
  return path
    .map((segment) => (typeof segment === 'object' ? segment.key : segment))
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('')
}
