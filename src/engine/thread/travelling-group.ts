/**
 * A group of writes on its way to the writer's thread, and what came of it on the way back. Structured clone pays for each
 * object, for each name of a property and for a text as often as it occurs, and most writes are one statement that returns
 * a row or none. So a statement's text, and the names of its columns, travel once a group, and such a write is one
 * array there and one back:
 *
 *     there   [text, ...parameters]                                 text:    its place among the texts of the group
 *     back    [columns, changes, lastInsertRowid, ms, ...row]       columns: their place, or NO_ROW
 *
 * Every other write, and every failure, travels as it is. *Measured*, both ends and both ways, a hundred in a group: 2.0 µs
 * a write as objects, 0.7 so (`npm run profile -- create` in `bench`).
 */
import type { WriteOutcome } from '../../sqlite/connection.ts'
import type {
  FlatWrite,
  GroupItem,
  GroupItemOutcome,
  GroupOutcome,
  Operation,
  Operations,
  TravellingArgument,
  TravellingGroup,
  TravellingOutcome,
  TravellingResult,
} from './protocol.ts'

type Group = Operations['group']['argument']

/** In place of columns: the write returned no row. */
const NO_ROW = -1
/** Values before those of the row. */
const FACTS = 4

/** What is sent for an argument. */
export function packArgument(argument: Operations[Operation]['argument']): TravellingArgument {
  return isGroup(argument) ? packGroup(argument) : argument
}

export function unpackArgument(argument: TravellingArgument): Operations[Operation]['argument'] {
  return typeof argument === 'object' && argument !== null && 'texts' in argument ? unpackGroup(argument) : argument
}

/** What is sent for a result. */
export function flatten(result: Operations[Operation]['result']): TravellingResult {
  return typeof result === 'object' && result !== null && 'outcomes' in result ? flattenOutcomes(result) : result
}

export function unflatten(result: TravellingResult): Operations[Operation]['result'] {
  return typeof result === 'object' && result !== null && 'names' in result ? unflattenOutcomes(result) : result
}

function isGroup(argument: Operations[Operation]['argument']): argument is Group {
  return typeof argument === 'object' && argument !== null && 'items' in argument
}

function packGroup({ items, waitMs }: Group): TravellingGroup {
  const places = new Map<string, number>()
  const packed = items.map((item): GroupItem | FlatWrite => {
    const [statement] = item.statements
    if (item.atomic || item.statements.length !== 1 || statement === undefined) return item
    const place = placeOf(places, statement.sql)
    return [place, ...statement.parameters]
  })
  return { waitMs, texts: [...places.keys()], items: packed }
}

function unpackGroup({ texts, items, waitMs }: TravellingGroup): Group {
  return {
    waitMs,
    items: items.map((item): GroupItem => {
      if (!isFlat(item)) return item
      const statement = { sql: texts[item[0] as number] as string, parameters: item.slice(1) }
      return { statements: [statement], atomic: false }
    }),
  }
}

function flattenOutcomes({ outcomes, ...group }: GroupOutcome): TravellingOutcome {
  const names = new Map<readonly string[], number>()
  return { ...group, outcomes: outcomes.map((outcome) => flat(outcome, names) ?? outcome), names: [...names.keys()] }
}

/** `null` when it has to travel as it is. */
function flat({ results }: GroupItemOutcome, names: Map<readonly string[], number>): FlatWrite | null {
  const [result] = results ?? []
  if (result === undefined || results?.length !== 1 || 'blocks' in result || result.rows.length > 1) return null
  const { columns, rows, changes, lastInsertRowid, ms } = result
  const [row] = rows
  return row === undefined
    ? [NO_ROW, changes, lastInsertRowid, ms]
    : [placeOf(names, columns), changes, lastInsertRowid, ms, ...row]
}

function unflattenOutcomes({ outcomes, names, ...group }: TravellingOutcome): GroupOutcome {
  return { ...group, outcomes: outcomes.map((outcome) => (isFlat(outcome) ? unflat(outcome, names) : outcome)) }
}

function unflat(outcome: FlatWrite, names: TravellingOutcome['names']): GroupItemOutcome {
  const [place, changes, lastInsertRowid, ms] = outcome as [number, number, WriteOutcome['lastInsertRowid'], number]
  const rows = place === NO_ROW ? [] : [outcome.slice(FACTS)]
  return { results: [{ columns: names[place] ?? [], rows, changes, lastInsertRowid, ms }] }
}

const isFlat = (travelling: object): travelling is FlatWrite => Array.isArray(travelling)

/** The place of a key, the next free one for a new key. */
function placeOf<Key>(places: Map<Key, number>, key: Key): number {
  const known = places.get(key)
  if (known !== undefined) return known
  places.set(key, places.size)
  return places.size - 1
}
