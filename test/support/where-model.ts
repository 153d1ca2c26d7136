/** What a `where` means, in plain JavaScript: the documented rules, to hold SQLite's answers against. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonPath = readonly (string | number)[]
export type Cell = null | number | bigint | boolean | string | Uint8Array

/** A row, its JSON columns under `json`: NULL is `undefined` there, beside JSON's own null. */
export interface ModelRow {
  readonly cells: Readonly<Record<string, Cell>>
  readonly json: Readonly<Record<string, Json | undefined>>
}

export function matchesWhere(row: ModelRow, where: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(where).every(([key, condition]) => {
    if (key === 'or') return (condition as Record<string, unknown>[]).some((part) => matchesWhere(row, part))
    if (key === 'and') return (condition as Record<string, unknown>[]).every((part) => matchesWhere(row, part))
    if (key === 'not') return !matchesWhere(row, condition as Record<string, unknown>)
    const column = /^"(?:or|and|not)"$/.test(key) ? key.slice(1, -1) : key
    if (Object.hasOwn(row.json, column)) {
      const { path, ...operators } = condition as { path: JsonPath } & Record<string, unknown>
      const value = jsonAt(row.json[column], path)
      return Object.entries(operators).every(([name, operand]) => jsonHolds(name, value, operand))
    }
    return cellMatches(row.cells[column] ?? null, condition)
  })
}

function cellMatches(cell: Cell, condition: unknown): boolean {
  if (Array.isArray(condition)) return cellHolds('in', cell, condition)
  if (typeof condition !== 'object' || condition === null || condition instanceof Uint8Array) {
    return cellHolds('eq', cell, condition)
  }
  return Object.entries(condition).every(([name, operand]) => cellHolds(name, cell, operand))
}

const sameCell = (a: Cell, b: unknown): boolean =>
  a === null || b === null
    ? a === b
    : a instanceof Uint8Array
      ? Buffer.compare(a, b as Uint8Array) === 0
      : // biome-ignore lint/suspicious/noDoubleEquals: 1n and 1 are the same integer
        a == b

function cellOrder(a: Cell, b: unknown): number {
  if (a === null) return Number.NaN
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
  if (a instanceof Uint8Array) return Buffer.compare(a, b as Uint8Array)
  const [x, y] = [a, b] as [number, number]
  return x < y ? -1 : x > y ? 1 : 0
}

function cellHolds(name: string, cell: Cell, operand: unknown): boolean {
  switch (name) {
    case 'eq':
      return sameCell(cell, operand)
    case 'in':
      return (operand as unknown[]).some((one) => sameCell(cell, one))
    case 'isNull':
      return (cell === null) === operand
    default:
      return common(name, {
        text: typeof cell === 'string' ? cell : null,
        order: (other) => cellOrder(cell, other),
        holds: (positive) => cellHolds(positive, cell, operand),
        operand,
      })
  }
}

/** The value at a path, `undefined` where there is none. */
export function jsonAt(value: Json | undefined, path: JsonPath): Json | undefined {
  return path.reduce<Json | undefined>((at, step) => {
    if (typeof step === 'number') return Array.isArray(at) ? at.at(step) : undefined
    const isObject = typeof at === 'object' && at !== null && !Array.isArray(at)
    return isObject && Object.hasOwn(at, step) ? at[step] : undefined
  }, value)
}

const sameJson = (a: Json | undefined, b: unknown): boolean =>
  b === null ? (a ?? null) === null : JSON.stringify(a) === JSON.stringify(b)

function jsonOrder(a: Json | undefined, b: unknown): number {
  if (typeof a !== typeof b || (typeof a !== 'string' && typeof a !== 'number')) return Number.NaN
  return typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : a - Number(b)
}

export function jsonHolds(name: string, value: Json | undefined, operand: unknown): boolean {
  switch (name) {
    case 'eq':
      return sameJson(value, operand)
    case 'in':
      return (operand as unknown[]).some((one) => sameJson(value, one))
    case 'isNull':
      return ((value ?? null) === null) === operand
    case 'exists':
      return (value !== undefined) === operand
    case 'arrayContains':
      return Array.isArray(value) && value.some((one) => sameJson(one, operand))
    default:
      return common(name, {
        text: typeof value === 'string' ? value : null,
        order: (other) => jsonOrder(value, other),
        holds: (positive) => jsonHolds(positive, value, operand),
        operand,
      })
  }
}

interface Compared {
  /** The value, where it is a text. */
  readonly text: string | null
  readonly order: (other: unknown) => number
  /** Whether another operator holds for the same operand. */
  readonly holds: (name: string) => boolean
  readonly operand: unknown
}

function common(name: string, { text, order, holds, operand }: Compared): boolean {
  switch (name) {
    case 'ne':
      return !holds('eq')
    case 'notIn':
      return !holds('in')
    case 'notLike':
      return !holds('like')
    case 'gt':
      return order(operand) > 0
    case 'gte':
      return order(operand) >= 0
    case 'lt':
      return order(operand) < 0
    case 'lte':
      return order(operand) <= 0
    case 'between':
      return order((operand as unknown[])[0]) >= 0 && order((operand as unknown[])[1]) <= 0
    default:
      return text !== null && textHolds(name, text, String(operand))
  }
}

const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const pattern = (text: string, wildcards: { readonly any: string; readonly one: string }): RegExp =>
  new RegExp(
    `^${[...text].map((one) => (one === wildcards.any ? '.*' : one === wildcards.one ? '.' : escaped(one))).join('')}$`,
    'su',
  )

/** SQLite reads a text up to its first NUL here, and folds A to Z alone. */
function textHolds(name: string, stored: string, operand: string): boolean {
  const [text = ''] = stored.split('\0')
  switch (name) {
    case 'like':
      return pattern(fold(operand), { any: '%', one: '_' }).test(fold(text))
    case 'glob':
      return pattern(operand, { any: '*', one: '?' }).test(text)
    case 'contains':
      return fold(text).includes(fold(operand))
    case 'startsWith':
      return fold(text).startsWith(fold(operand))
    case 'endsWith':
      return fold(text).endsWith(fold(operand))
    default:
      throw new Error(`the model does not know ${name}`)
  }
}
