/** Random sequences of writing methods against a plain list of rows: results, errors and the table after each call. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openRepositories } from '../../../test/support/open-repositories.ts'
import type { Repository } from '../types.ts'
import { NO_RULES } from './table-rules.ts'

interface Row {
  id: number
  k: string | null
  n: number
  v: string | null
  /** Twice `n`: a generated column, or kept by triggers. */
  m: number
  version: number
}
type Data = Partial<Record<'id' | 'k' | 'n' | 'v', number | string | null>>

const COLUMNS = 'k TEXT UNIQUE COLLATE NOCASE, n INTEGER NOT NULL DEFAULT 0 CHECK (n >= -5), v TEXT'
const TABLES = {
  plain: [
    `CREATE TABLE t(id INTEGER PRIMARY KEY, ${COLUMNS}, m INTEGER AS (n * 2), version INTEGER NOT NULL DEFAULT 1)`,
  ],
  'without rowid': [
    `CREATE TABLE t(id INTEGER, ${COLUMNS}, m INTEGER AS (n * 2), version INTEGER, PRIMARY KEY(id)) STRICT, WITHOUT ROWID`,
  ],
  'with triggers': [
    `CREATE TABLE t(id INTEGER PRIMARY KEY, ${COLUMNS}, m INTEGER, version INTEGER NOT NULL DEFAULT 1)`,
    'CREATE TABLE log(id INTEGER, what TEXT)',
    `CREATE TRIGGER i AFTER INSERT ON t BEGIN
      UPDATE t SET m = n * 2 WHERE id = new.id; INSERT INTO log VALUES (new.id, 'insert'); END`,
    'CREATE TRIGGER u AFTER UPDATE OF n ON t BEGIN UPDATE t SET m = n * 2 WHERE id = new.id; END',
  ],
}

class Refused extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = `NOORMME_${code}`
  }
}

/** What the methods promise, over a list. A method that throws leaves the list as it was. */
class Model {
  rows: Row[] = []

  create(data: Data): Row {
    const row: Row = { id: 0, k: null, v: null, version: 1, m: 0, ...data, n: data.n === undefined ? 0 : data.n } as Row
    row.m = row.n * 2
    this.#check(row, null)
    this.rows = [...this.rows, row]
    return row
  }

  createMany(list: readonly Data[], skipDuplicates: boolean): { count: number } {
    return this.#allOrNothing(() => {
      let count = 0
      for (const data of list) {
        try {
          this.create(data)
          count++
        } catch (error) {
          if (!skipDuplicates || (error as Refused).code !== 'NOORMME_UNIQUE') throw error
        }
      }
      return { count }
    })
  }

  update(id: number, patch: Data): Row {
    const row = this.rows.find((one) => one.id === id)
    if (row === undefined) throw new Refused('NOT_FOUND')
    return this.#change(row, patch)
  }

  updateMany(v: string, patch: Data): { count: number } {
    return this.#allOrNothing(() => {
      const found = this.rows.filter((row) => row.v === v)
      if (Object.keys(patch).length === 0) return { count: 0 }
      for (const row of found) this.#change(row, patch)
      return { count: found.length }
    })
  }

  deleteMany(v: string): { count: number } {
    const before = this.rows.length
    this.rows = this.rows.filter((row) => row.v !== v)
    return { count: before - this.rows.length }
  }

  delete(id: number): boolean {
    const before = this.rows.length
    this.rows = this.rows.filter((row) => row.id !== id)
    return this.rows.length < before
  }

  increment(id: number, by: number): Row {
    const row = this.rows.find((one) => one.id === id)
    if (row === undefined) throw new Refused('NOT_FOUND')
    return this.#change(row, { n: row.n + by })
  }

  findOrCreate(data: Data, by: 'id' | 'k'): { row: Row; created: boolean } {
    const found = this.#findBy(data, by)
    return found === undefined ? { row: this.create(data), created: true } : { row: found, created: false }
  }

  upsert(data: Data, by: 'id' | 'k'): { row: Row; created: boolean } {
    const found = this.#findBy(data, by)
    if (found === undefined) return { row: this.create(data), created: true }
    const { id: _id, ...patch } = data
    if (by === 'k') delete patch.k
    return { row: this.#change(found, patch), created: false }
  }

  upsertMany(list: readonly Data[], by: 'id' | 'k'): { count: number; inserted: number; updated: number } {
    return this.#allOrNothing(() => {
      const counts = { count: 0, inserted: 0, updated: 0 }
      for (const data of list) {
        const before = JSON.stringify(this.rows)
        if (this.upsert(data, by).created) counts.inserted++
        else if (JSON.stringify(this.rows) !== before) counts.updated++
      }
      return { ...counts, count: counts.inserted + counts.updated }
    })
  }

  #findBy(data: Data, by: 'id' | 'k'): Row | undefined {
    if (data[by] === undefined) throw new Refused('VALIDATION')
    const wanted = String(data[by]).toLowerCase()
    return this.rows.find((row) => data[by] !== null && row[by] !== null && String(row[by]).toLowerCase() === wanted)
  }

  #change(row: Row, patch: Data): Row {
    if (Object.keys(patch).length === 0) return row
    const changed = { ...row, ...patch, version: row.version + 1 } as Row
    changed.m = changed.n * 2
    this.#check(changed, row)
    this.rows = this.rows.map((one) => (one === row ? changed : one))
    return changed
  }

  #check(row: Row, before: Row | null): void {
    if (row.n === null) throw new Refused('NOT_NULL')
    if (row.n < -5) throw new Refused('CHECK')
    const others = this.rows.filter((one) => one !== before)
    const taken = (k: string | null) => k !== null && others.some((one) => one.k?.toLowerCase() === k.toLowerCase())
    if (others.some(({ id }) => id === row.id) || taken(row.k)) throw new Refused('UNIQUE')
  }

  #allOrNothing<T>(run: () => T): T {
    const before = this.rows
    try {
      return run()
    } catch (error) {
      this.rows = before
      throw error
    }
  }
}

interface Step {
  readonly name: string
  readonly real: (rows: Repository<Row>) => Promise<unknown>
  readonly model: (model: Model) => unknown
}

const id = fc.integer({ min: 1, max: 5 })
const k = fc.constantFrom('a', 'A', 'b', 'c', null)
const n = fc.oneof(fc.integer({ min: -7, max: 9 }), fc.constant(null))
const v = fc.constantFrom('x', 'y')
const patch: fc.Arbitrary<Data> = fc.record({ k, n, v }, { requiredKeys: [] })
const data: fc.Arbitrary<Data> = fc.record({ id, k, n, v }, { requiredKeys: ['id'] })
const keyed: fc.Arbitrary<Data> = fc.record({ id, k, n, v }, { requiredKeys: ['id', 'k'] })
const by = fc.constantFrom('id' as const, 'k' as const)
const list = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 5 })

const steps: fc.Arbitrary<Step> = fc.oneof(
  data.map(
    (row): Step => ({
      name: `create ${JSON.stringify(row)}`,
      real: (rows) => rows.create(row as never),
      model: (model) => model.create(row),
    }),
  ),
  fc.tuple(list(data), fc.boolean()).map(
    ([given, skipDuplicates]): Step => ({
      name: `createMany ${JSON.stringify(given)} ${skipDuplicates}`,
      real: (rows) => rows.createMany(given as never, { skipDuplicates }),
      model: (model) => model.createMany(given, skipDuplicates),
    }),
  ),
  fc.tuple(id, patch).map(
    ([key, change]): Step => ({
      name: `update ${key} ${JSON.stringify(change)}`,
      real: (rows) => rows.update(key, change as never),
      model: (model) => model.update(key, change),
    }),
  ),
  fc.tuple(v, fc.record({ n, v }, { requiredKeys: [] })).map(
    ([where, change]): Step => ({
      name: `updateMany ${where} ${JSON.stringify(change)}`,
      real: (rows) => rows.updateMany({ v: where }, change as never),
      model: (model) => model.updateMany(where, change),
    }),
  ),
  v.map(
    (where): Step => ({
      name: `deleteMany ${where}`,
      real: (rows) => rows.deleteMany({ v: where }),
      model: (model) => model.deleteMany(where),
    }),
  ),
  id.map(
    (key): Step => ({
      name: `delete ${key}`,
      real: (rows) => rows.delete(key),
      model: (model) => model.delete(key),
    }),
  ),
  fc.tuple(id, fc.integer({ min: -4, max: 4 })).map(
    ([key, step]): Step => ({
      name: `increment ${key} ${step}`,
      real: (rows) => rows.increment(key, 'n', step),
      model: (model) => model.increment(key, step),
    }),
  ),
  fc.tuple(keyed, by).map(
    ([row, conflict]): Step => ({
      name: `findOrCreate ${JSON.stringify(row)} ${conflict}`,
      real: (rows) => rows.findOrCreate(row as never, { conflict }),
      model: (model) => model.findOrCreate(row, conflict),
    }),
  ),
  fc.tuple(keyed, by).map(
    ([row, conflict]): Step => ({
      name: `upsert ${JSON.stringify(row)} ${conflict}`,
      real: (rows) => rows.upsert(row as never, { conflict }),
      model: (model) => model.upsert(row, conflict).row,
    }),
  ),
  fc.tuple(list(keyed), by).map(
    ([given, conflict]): Step => ({
      name: `upsertMany ${JSON.stringify(given)} ${conflict}`,
      real: (rows) => rows.upsertMany(given as never, { conflict }),
      model: (model) => model.upsertMany(given, conflict),
    }),
  ),
)

test.each(Object.keys(TABLES) as (keyof typeof TABLES)[])(
  'writing methods do what the model does: %s',
  async (name) => {
    await using db = await openRepositories(...TABLES[name])
    const rulesOf = () => ({ ...NO_RULES, version: 'version' })
    const rows = await db.repository<Row>('t', { rulesOf, maxBatchSize: 2 })

    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (sequence) => {
        await rows.deleteMany({}, { all: true })
        const model = new Model()
        for (const step of sequence) {
          const expected = attempt(() => step.model(model))
          const got = await step.real(rows).catch((error: unknown) => ({ code: (error as Refused).code }))
          expect(got, step.name).toEqual(expected)
          const sorted = [...model.rows].sort((a, b) => a.id - b.id)
          expect(await rows.findAll({ orderBy: 'id' }), `after ${step.name}`).toEqual(sorted)
        }
      }),
      { numRuns: 60 },
    )
  },
)

function attempt(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return { code: (error as Refused).code }
  }
}
