/**
 * What is written and how it is judged. A *unit* is what one call writes: one row or many, of which all or none may be
 * found later. A client numbers its units from 1 and asks for the next when the last was acknowledged, so what is there
 * of each client has no hole. Every row can be told from every other by its payload.
 */

export interface Part {
  readonly client: number
  readonly n: number
  readonly part: number
  readonly parts: number
  readonly payload: string
}

export const UNIT_SCHEMA = [
  `CREATE TABLE IF NOT EXISTS parts (
    id INTEGER PRIMARY KEY, client INTEGER NOT NULL, n INTEGER NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL,
    payload TEXT NOT NULL)`,
  // Its pages are rewritten in the middle all the time, which a table that only grows would not do.
  'CREATE UNIQUE INDEX IF NOT EXISTS parts_by_payload ON parts (substr(payload, 1, 24), client, n, part)',
]

export const READ_UNITS = 'SELECT client, n, part, parts, payload FROM parts'

/** Names a unit: `client.n`. */
export type UnitName = `${number}.${number}`

export const unitName = (client: number, n: number): UnitName => `${client}.${n}`

/** The rows of one unit, each with `bytes` of payload. */
export function unit(client: number, n: number, parts: number, bytes: number): Part[] {
  return Array.from({ length: parts }, (_, part) => ({
    client,
    n,
    part,
    parts,
    payload: payload(client, n, part, bytes),
  }))
}

/** Kept, because the same few are asked for in each of thousands of states. */
const payloads = new Map<string, string>()

function payload(client: number, n: number, part: number, bytes: number): string {
  const key = `${client}.${n}.${part}.${bytes}`
  const known = payloads.get(key) ?? newPayload(client, n, part, bytes)
  payloads.set(key, known)
  return known
}

function newPayload(client: number, n: number, part: number, bytes: number): string {
  // Scattered over the index.
  const start = (Math.imul(client * 31 + n * 7 + part, 0x9e_37_79_b1) >>> 0).toString(16).padStart(8, '0')
  return `${start}:${client}.${n}.${part};`.repeat(Math.ceil(bytes / 12)).slice(0, bytes)
}

export interface Judgement {
  /** The units that are there, whole. */
  readonly whole: ReadonlySet<UnitName>
  /** What must never be: a part missing, doubled or with another's bytes. */
  readonly broken: readonly string[]
}

export function judge(rows: readonly Part[]): Judgement {
  const found = new Map<UnitName, { readonly parts: number; readonly seen: Set<number> }>()
  const broken: string[] = []
  for (const { client, n, part, parts, payload: text } of rows) {
    const name = unitName(client, n)
    const entry = found.get(name) ?? { parts, seen: new Set<number>() }
    found.set(name, entry)
    if (text !== payload(client, n, part, text.length)) broken.push(`${name} part ${part} has another payload`)
    if (entry.seen.has(part)) broken.push(`${name} has part ${part} twice`)
    entry.seen.add(part)
  }
  for (const [name, { parts, seen }] of found)
    if (seen.size !== parts) broken.push(`${name} has ${seen.size} of ${parts} parts`)
  return { whole: new Set(found.keys()), broken }
}

/** Acknowledged units that are not there. */
export function lost(acknowledged: Iterable<UnitName>, { whole }: Judgement): UnitName[] {
  return [...acknowledged].filter((name) => !whole.has(name))
}

/** Units that are there although an earlier one of the same client is not. */
export function holes({ whole }: Judgement): UnitName[] {
  return [...whole].filter((name) => {
    const [client, n] = name.split('.').map(Number) as [number, number]
    return n > 1 && !whole.has(unitName(client, n - 1))
  })
}
