/** Random trees of relations over random rows, compared with joins written out in JavaScript over the same rows. */
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'
import type { Executor } from '../../engine/types.ts'
import { introspect } from '../../schema/introspect.ts'
import type { RelationInfo, SchemaInfo, TableInfo } from '../../schema/types.ts'

/** Every kind of key: rowids, text in another collation, bytes, integers beyond 2^53, several columns, no rowid. */
const TABLES = [
  `CREATE TABLE countries (code TEXT PRIMARY KEY COLLATE NOCASE, name TEXT) WITHOUT ROWID`,
  `CREATE TABLE people (id INTEGER PRIMARY KEY, country TEXT COLLATE NOCASE REFERENCES countries, boss_id INTEGER REFERENCES people,
     active BOOLEAN, extra JSON)`,
  `CREATE TABLE shelves (room TEXT, "no" BIGINT, label TEXT, PRIMARY KEY (room, "no")) WITHOUT ROWID`,
  `CREATE TABLE editions (hash BLOB PRIMARY KEY, cover BLOB)`,
  `CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES people, editor_id INTEGER REFERENCES people,
     edition BLOB REFERENCES editions, room TEXT, shelf_no BIGINT, rank REAL,
     FOREIGN KEY (room, shelf_no) REFERENCES shelves (room, "no"))`,
  `CREATE INDEX books_by_author ON books (author_id, rank)`,
  `CREATE TABLE covers (book_id INTEGER PRIMARY KEY REFERENCES books, colour TEXT)`,
  `CREATE TABLE tags (name TEXT PRIMARY KEY)`,
  `CREATE TABLE book_tags (book_id INTEGER REFERENCES books, tag TEXT REFERENCES tags, PRIMARY KEY (book_id, tag)) WITHOUT ROWID`,
  `CREATE TABLE follows (follower INTEGER REFERENCES people, followed INTEGER REFERENCES people, PRIMARY KEY (follower, followed))`,
]
const DEPTH = 3
const BIG = 2n ** 60n
const ROOMS = ['a', 'b']
const NUMBERS = [1, BIG, BIG + 1n]
const HASHES = [1, 2, 3].map((byte) => new Uint8Array([0, byte]))
const CODES = ['De', 'FR', 'xx']
const TAGS = ['red', 'Red', 'é']

type Plain = Record<string, unknown>
type Data = Record<string, Plain[]>

const id = fc.integer({ min: 1, max: 8 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 })
const each = <T>(values: readonly T[]) => fc.constantFrom(...values)
const rowsOf = (shape: Record<string, fc.Arbitrary<unknown>>, ...key: string[]): fc.Arbitrary<Plain[]> =>
  fc.uniqueArray(fc.record(shape), { maxLength: 12, selector: (row) => key.map((name) => text(row[name])).join() })

/** Keys may be NULL or lead nowhere. */
const data: fc.Arbitrary<Data> = fc.record({
  countries: fc.constant([
    { code: 'de', name: 'D' },
    { code: 'FR', name: null },
  ]),
  people: rowsOf(
    {
      id,
      country: maybe(each(CODES)),
      boss_id: maybe(id),
      active: maybe(each([0, 1])),
      extra: maybe(each(['{"a":[1]}', '5'])),
    },
    'id',
  ),
  shelves: rowsOf({ room: each(ROOMS), no: each(NUMBERS), label: maybe(each(['', 'l'])) }, 'room', 'no'),
  editions: rowsOf({ hash: each(HASHES), cover: maybe(each(HASHES)) }, 'hash'),
  books: rowsOf(
    {
      id,
      author_id: maybe(id),
      editor_id: maybe(id),
      edition: maybe(each(HASHES)),
      room: maybe(each(ROOMS)),
      shelf_no: maybe(each(NUMBERS)),
      rank: maybe(fc.double({ noNaN: true, min: -1, max: 1 }).map((rank) => rank || 0)),
    },
    'id',
  ),
  covers: rowsOf({ book_id: id, colour: each(['red']) }, 'book_id'),
  tags: fc.subarray(TAGS).map((names) => names.map((name) => ({ name }))),
  book_tags: rowsOf({ book_id: id, tag: each(TAGS) }, 'book_id', 'tag'),
  follows: rowsOf({ follower: id, followed: id }, 'follower', 'followed'),
})

/** Choices that become options once it is known which relations a table has. */
interface Choice {
  readonly picks: readonly number[]
  readonly limit: number | null
  readonly offset: number
  readonly order: number | null
  readonly descending: boolean
  readonly select: number | null
  readonly where: boolean
  readonly filter: { readonly pick: number; readonly quantifier: string; readonly column: number } | null
  readonly counts: readonly number[]
  readonly children: readonly Choice[]
}
const choiceOf = (depth: number): fc.Arbitrary<Choice> =>
  fc.record({
    picks: fc.array(fc.nat(20), { maxLength: 3 }),
    limit: fc.option(fc.nat(3)),
    offset: each([0, 0, 1]),
    order: fc.option(fc.nat(20)),
    descending: fc.boolean(),
    select: fc.option(fc.nat(20), { freq: 2 }),
    where: fc.boolean(),
    filter: fc.option(fc.record({ pick: fc.nat(20), quantifier: each(['some', 'every', 'none']), column: fc.nat(20) })),
    counts: fc.array(fc.nat(20), { maxLength: 2 }),
    children: depth === 0 ? fc.constant([]) : fc.array(choiceOf(depth - 1), { minLength: 3, maxLength: 3 }),
  })
const choice = choiceOf(DEPTH)

interface Wish {
  readonly table: TableInfo
  readonly options: Plain
  readonly columns: readonly string[]
  readonly ordered: boolean
  readonly filter: { readonly relation: RelationInfo; readonly quantifier: string; readonly column: string } | null
  readonly children: readonly { readonly relation: RelationInfo; readonly wish: Wish }[]
  readonly counts: readonly RelationInfo[]
}

function wishFor(schema: SchemaInfo, table: TableInfo, made: Choice, place: { many: boolean; depth: number }): Wish {
  const at = <T>(items: readonly T[], index: number): T => items[index % items.length] as T
  const pickRelations = (picks: readonly number[]) =>
    table.relations.length === 0 ? [] : [...new Set(picks.map((pick) => at(table.relations, pick)))]
  const columns = table.columns.map(({ name }) => name)
  const children =
    place.depth >= DEPTH
      ? []
      : pickRelations(made.picks).map((relation, index) => {
          const target = schema.tables.find(({ name }) => name === relation.table) as TableInfo
          const many = relation.kind === 'hasMany' || relation.kind === 'manyToMany'
          return { relation, wish: wishFor(schema, target, at(made.children, index), { many, depth: place.depth + 1 }) }
        })
  const counts = pickRelations(made.counts)
  const select = made.select === null ? undefined : [at(columns, made.select)]
  const options: Plain = { select }
  if (children.length > 0)
    options.with = Object.fromEntries(children.map(({ relation, wish }) => [relation.name, wish.options]))
  if (counts.length > 0) options.withCount = counts.map(({ name }) => name)
  let ordered = false
  let filter: Wish['filter'] = null
  if (place.many) {
    if (made.where) options.where = { [at(columns, made.order ?? 0)]: { isNull: false } }
    if (made.filter !== null && table.relations.length > 0) {
      const relation = at(table.relations, made.filter.pick)
      const target = schema.tables.find(({ name }) => name === relation.table) as TableInfo
      filter = { ...made.filter, relation, column: at(target.columns, made.filter.column).name }
      const condition = { [filter.column]: { isNull: false } }
      const single = relation.kind === 'belongsTo' || relation.kind === 'hasOne'
      options.where = {
        ...(options.where as Plain),
        [relation.name]: single ? condition : { [filter.quantifier]: condition },
      }
    }
    if (made.limit !== null) options.limit = made.limit
    if (made.offset > 0) options.offset = made.offset
    if (made.order !== null) {
      const direction = made.descending ? 'desc' : 'asc'
      options.orderBy = [{ [at(columns, made.order)]: direction }, ...table.primaryKey]
    }
    ordered = made.order !== null || made.limit !== null || made.offset > 0
  }
  return { table, options, columns: select ?? columns, ordered, filter, children, counts }
}

/** What SQLite's comparison of keys sees: only country codes ignore case here. */
function text(value: unknown): string {
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`
  return `${typeof value === 'bigint' ? 'number' : typeof value}${String(value)}`
}
function keyOf(row: Plain, columns: readonly string[]): string | null {
  if (columns.some((name) => row[name] === null)) return null
  return columns
    .map((name) => (name === 'country' || name === 'code' ? text(row[name]).toLowerCase() : text(row[name])))
    .join('|')
}

/** SQLite's order: NULL, numbers, texts (here all of one collation but codes), bytes. */
function compare(a: unknown, b: unknown): number {
  const rank = (value: unknown) =>
    value === null ? 0 : typeof value === 'string' ? 2 : value instanceof Uint8Array ? 3 : 1
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (a === null) return 0
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string))
  if (a instanceof Uint8Array) return Buffer.compare(a, b as Uint8Array)
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0
}

class Reference {
  readonly #stored: Data
  readonly #shown: Map<Plain, Plain>

  /** `shown`: the same rows in the same order as a repository returns them. */
  constructor(stored: Data, shown: Data) {
    this.#stored = stored
    this.#shown = new Map(
      Object.keys(stored).flatMap((name) =>
        (stored[name] ?? []).map((row, index) => [row, shown[name]?.[index] as Plain]),
      ),
    )
  }

  related(row: Plain, relation: RelationInfo): Plain[] {
    const ours = keyOf(row, relation.columns)
    const theirs = this.#stored[relation.table] ?? []
    if (ours === null) return []
    if (relation.kind !== 'manyToMany')
      return theirs.filter((their) => keyOf(their, relation.referencedColumns) === ours)
    const { table, columns, otherColumns } = relation.through
    const joined = (this.#stored[table] ?? []).filter((join) => keyOf(join, columns) === ours)
    const keys = new Set(joined.map((join) => keyOf(join, otherColumns)))
    return theirs.filter((their) => keys.has(keyOf(their, relation.referencedColumns)))
  }

  load(rows: readonly Plain[], wish: Wish): Plain[] {
    const { options } = wish
    let found = [...rows]
    for (const column of Object.keys((options.where as Plain) ?? {})) {
      if (column !== wish.filter?.relation.name) found = found.filter((row) => row[column] !== null)
    }
    if (wish.filter !== null)
      found = found.filter((row) => this.#meets(row, wish.filter as NonNullable<Wish['filter']>))
    const terms = ((options.orderBy as (string | Plain)[]) ?? (wish.ordered ? wish.table.primaryKey : [])).map(
      (term) => (typeof term === 'string' ? [term, 'asc'] : (Object.entries(term)[0] as [string, string])),
    )
    found.sort((a, b) => {
      for (const [column, direction] of terms as [string, string][]) {
        const fold = (value: unknown) =>
          (column === 'country' || column === 'code') && typeof value === 'string' ? value.toLowerCase() : value
        const order = compare(fold(a[column]), fold(b[column]))
        if (order !== 0) return direction === 'desc' ? -order : order
      }
      return 0
    })
    const offset = (options.offset as number) ?? 0
    found = found.slice(offset, options.limit === undefined ? undefined : offset + (options.limit as number))
    return found.map((row) => this.#one(row, wish))
  }

  #meets(row: Plain, { relation, quantifier, column }: NonNullable<Wish['filter']>): boolean {
    const met = this.related(row, relation).map((their) => their[column] !== null)
    if (relation.kind === 'belongsTo' || relation.kind === 'hasOne' || quantifier === 'some') return met.includes(true)
    return quantifier === 'every' ? !met.includes(false) : !met.includes(true)
  }

  #one(row: Plain, { columns, children, counts }: Wish): Plain {
    const shown = this.#shown.get(row) as Plain
    const object: Plain = Object.fromEntries(columns.map((name) => [name, shown[name]]))
    for (const relation of counts) object[`${relation.name}Count`] = this.related(row, relation).length
    for (const { relation, wish } of children) {
      const loaded = this.load(this.related(row, relation), wish)
      const many = relation.kind === 'hasMany' || relation.kind === 'manyToMany'
      object[relation.name] = many ? loaded : (loaded[0] ?? null)
    }
    return object
  }
}

/** Puts what may come in any order into one order, on both sides alike. */
function canonical(rows: readonly Plain[], wish: Wish): Plain[] {
  const done = rows.map((row) => {
    const copy = { ...row }
    for (const { relation, wish: inner } of wish.children) {
      const value = copy[relation.name]
      if (Array.isArray(value)) copy[relation.name] = canonical(value, inner)
      else if (value !== null) copy[relation.name] = canonical([value as Plain], inner)[0]
    }
    return copy
  })
  const show = (row: Plain) =>
    JSON.stringify(row, (_, value: unknown) => {
      if (value instanceof Uint8Array || typeof value === 'bigint') return text(value)
      const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value)
      // Both sides name their properties in an order of their own.
      return isPlain ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value
    })
  return wish.ordered ? done : done.sort((a, b) => (show(a) < show(b) ? -1 : 1))
}

test('any tree of relations over any rows is what joins by hand give, in one statement', async () => {
  await using db = await openRepositories(...TABLES)
  const writer = new Database(db.path)
  // Keys that lead nowhere are part of the test.
  writer.pragma('foreign_keys = OFF')
  const fill = (stored: Data): void => {
    for (const [table, rows] of Object.entries(stored)) {
      writer.exec(`DELETE FROM ${table}`)
      for (const row of rows) {
        const names = Object.keys(row)
        const insert = writer.prepare(
          `INSERT INTO ${table} (${names.map((name) => `"${name}"`)}) VALUES (${names.map(() => '?')})`,
        )
        insert.run(Object.values(row))
      }
    }
  }
  const schema = await introspect(db.engine)
  const sorted = (rows: readonly Plain[], { primaryKey }: TableInfo) =>
    [...rows].sort((a, b) => primaryKey.map((name) => compare(a[name], b[name])).find((order) => order !== 0) ?? 0)
  let statements = 0
  const counting: Pick<Executor, 'execute'> = {
    execute: (statement, options) => {
      statements++
      return db.engine.execute(statement, options)
    },
  }

  await fc.assert(
    fc.asyncProperty(data, fc.nat(20), choice, async (stored, which, made) => {
      writer.transaction(fill)(stored)
      const table = schema.tables[which % schema.tables.length] as TableInfo
      const shown: Data = {}
      const inOrder: Data = {}
      for (const each of schema.tables) {
        inOrder[each.name] = sorted(stored[each.name] ?? [], each)
        shown[each.name] = sorted((await (await db.repository(each.name)).findAll()) as Plain[], each)
      }
      const wish = wishFor(schema, table, made, { many: true, depth: 0 })
      const rows = await db.repository(table.name, { executor: counting as Executor })
      statements = 0

      const found = (await rows.findAll(wish.options as never)) as Plain[]

      expect(statements).toBe(1)
      const expected = new Reference(inOrder, shown).load(inOrder[table.name] ?? [], wish)
      // findAll itself completes no order.
      const root = { ...wish, ordered: wish.options.orderBy !== undefined }
      const cut = wish.options.limit !== undefined || wish.options.offset !== undefined
      if (root.ordered || !cut) expect(canonical(found, root)).toEqual(canonical(expected, root))
      else expect(found.length).toBe(expected.length)
    }),
    { numRuns: 200 },
  )
  writer.close()
}, 120_000)
