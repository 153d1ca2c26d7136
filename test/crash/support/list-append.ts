/**
 * Whether a history of appends to lists could have come of transactions run one after another. Every value is appended
 * once, so the final lists tell in which order the transactions wrote, and each read tells between which two of them it
 * stands. Each of these is an edge "before"; so is the order of what one client did. A history is serialisable, and no
 * client was sent back in time, when these edges have no cycle (https://arxiv.org/abs/2003.10554).
 */
import { createHash } from 'node:crypto'

/** What is known of a list that was read: enough to say of which beginning of the final list it is. */
export interface ListRead {
  readonly list: number
  readonly length: number
  readonly digest: string
}

export interface Append {
  readonly list: number
  readonly value: number
}

/** One transaction, snapshot or read that has ended, as its client saw it. */
export interface Recorded {
  readonly client: string
  /** `aborted`: its callback threw after everything that it did. */
  readonly outcome: 'ok' | 'aborted'
  /** Lists as they were before appends of its own. */
  readonly reads: readonly ListRead[]
  readonly appends: readonly Append[]
}

export type FinalLists = ReadonlyMap<number, readonly number[]>

export function listRead(list: number, values: readonly number[]): ListRead {
  return { list, length: values.length, digest: digestOf(values) }
}

/** What is wrong with a history; nothing, if all is well. Values that nobody was told of may stand in a list or not. */
export function anomaliesOf(history: readonly Recorded[], lists: FinalLists): readonly string[] {
  return [...wrongAppends(history, lists), ...wrongReads(history, lists), ...cycles(history, lists)]
}

function wrongAppends(history: readonly Recorded[], lists: FinalLists): string[] {
  const wrong: string[] = []
  for (const [list, values] of lists) {
    if (new Set(values).size < values.length) wrong.push(`list ${list} has a value twice`)
  }
  const there = new Map([...lists].map(([list, values]) => [list, new Set(values)]))
  for (const { client, outcome, appends } of history) {
    for (const { list, value } of appends) {
      const visible = there.get(list)?.has(value) ?? false
      if (outcome === 'ok' && !visible) wrong.push(`${client} was told of ${value} in list ${list}, and it is gone`)
      if (outcome === 'aborted' && visible) wrong.push(`${client} undid ${value} in list ${list}, and it is there`)
    }
  }
  return wrong
}

function wrongReads(history: readonly Recorded[], lists: FinalLists): string[] {
  const digests = new Map<string, string>()
  const digestOfBeginning = (list: number, length: number): string => {
    const key = `${list}:${length}`
    const known = digests.get(key) ?? digestOf((lists.get(list) ?? []).slice(0, length))
    digests.set(key, known)
    return known
  }
  return history.flatMap(({ client, reads }) =>
    reads
      .filter(({ list, length, digest }) => digest !== digestOfBeginning(list, length))
      .map(({ list, length }) => `${client} read ${length} values of list ${list} that are not its beginning`),
  )
}

/** The transactions that stand on a cycle, or behind one. */
function cycles(history: readonly Recorded[], lists: FinalLists): string[] {
  const edges = new Map<string, Set<string>>()
  const before = (one: string | undefined, other: string | undefined): void => {
    if (one === undefined || other === undefined || one === other) return
    const later = edges.get(one) ?? new Set()
    later.add(other)
    edges.set(one, later)
  }
  const names = history.map(({ client }, index) => `${index} of ${client}`)
  const writers = new Map<string, string>()
  for (const [index, { appends }] of history.entries())
    for (const { list, value } of appends) writers.set(`${list}:${value}`, names[index] as string)
  // Nobody was told of such a value before the kill; as far as is known it is a transaction of its own.
  const writerOf = (list: number, place: number): string | undefined => {
    const value = lists.get(list)?.[place]
    return value === undefined ? undefined : (writers.get(`${list}:${value}`) ?? `an unfinished append of ${value}`)
  }

  for (const [list, values] of lists)
    for (const place of values.keys()) before(writerOf(list, place - 1), writerOf(list, place))
  const lastOf = new Map<string, string>()
  for (const [index, { client, outcome, reads }] of history.entries()) {
    const name = names[index] as string
    for (const { list, length } of reads) {
      before(writerOf(list, length - 1), name)
      before(name, writerOf(list, length))
    }
    if (outcome === 'aborted') continue
    before(lastOf.get(client), name)
    lastOf.set(client, name)
  }
  return unordered(edges).map((name) => `${name} stands on a cycle or behind one`)
}

/** What is left after taking away, again and again, everything that nothing stands before. */
function unordered(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const earlier = new Map<string, number>()
  for (const [name, later] of edges) {
    earlier.set(name, earlier.get(name) ?? 0)
    for (const each of later) earlier.set(each, (earlier.get(each) ?? 0) + 1)
  }
  const free = [...earlier].filter(([, count]) => count === 0).map(([name]) => name)
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    earlier.delete(name)
    for (const later of edges.get(name) ?? []) {
      const count = (earlier.get(later) as number) - 1
      earlier.set(later, count)
      if (count === 0) free.push(later)
    }
  }
  return [...earlier.keys()]
}

function digestOf(values: readonly number[]): string {
  return createHash('sha1').update(values.join()).digest('base64url')
}
