/** What is said of bound values: their types, and the values themselves only where that was asked for. */

/** Of a statement with more, the first ones are described. */
const MOST = 100
const LONGEST_VALUE = 200

/** One of each value: `integer`, `real`, `text`, `blob`, `null`, `json`; with `values` also `text "Mira"`. */
export function describeParameters(parameters: readonly unknown[], { values }: { readonly values: boolean }): string[] {
  return parameters.slice(0, MOST).map((value) => {
    const type = typeOf(value)
    return values && type !== 'null' ? `${type} ${textOf(value)}` : type
  })
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (value instanceof Uint8Array) return 'blob'
  if (value instanceof Date) return 'text'
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'real'
    case 'bigint':
    case 'boolean':
      return 'integer'
    case 'string':
      return 'text'
    default:
      return 'json'
  }
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`
}
