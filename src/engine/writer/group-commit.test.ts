/**
 * A write that fails among 255 made in the same go: it alone rejects, with its code, and has stored nothing; every
 * neighbour was told exactly what the file holds. Every way in which SQLite can fail, at the first, middle and last place.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { canCompile, compileFailures } from '../../../test/support/compile-extension.ts'
import {
  expectStored,
  GROUP,
  GROUP_SCHEMA,
  type GroupWrite,
  neighbour,
  writeAll,
} from '../../../test/support/group-writes.ts'
import { type EngineKind, openTestEngine, rowsOf } from '../../../test/support/open-engine.ts'
import type { Engine, Statement } from '../types.ts'

const SCHEMA = `${GROUP_SCHEMA}
  CREATE TABLE parent (id INTEGER PRIMARY KEY);
  CREATE TABLE child (id INTEGER PRIMARY KEY, n UNIQUE, parent_id REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
  CREATE TABLE raising (how);
  CREATE TRIGGER raises_abort AFTER INSERT ON raising WHEN NEW.how = 'abort' BEGIN SELECT RAISE(ABORT, 'no'); END;
  CREATE TRIGGER raises_rollback AFTER INSERT ON raising WHEN NEW.how = 'rollback' BEGIN SELECT RAISE(ROLLBACK, 'no'); END;`

/** Apart from the rest: with it every statement runs in a savepoint, see `half-done.ts`. */
const FAIL_SCHEMA = `
  CREATE TABLE picky (v UNIQUE ON CONFLICT FAIL);
  CREATE TRIGGER raises_fail AFTER INSERT ON raising WHEN NEW.how = 'fail' BEGIN SELECT RAISE(FAIL, 'no'); END;`

/** Tables that hold rows of culprits only. */
const CULPRITS_ONLY = ['child', 'raising']
/** What a culprit stores in `t` before it fails. */
const HALF = "'half'"

interface Culprit {
  readonly statements: readonly Statement[]
  readonly code: string
  readonly sqliteCode: string
  /** SQLite itself ends the transaction in which it happens. */
  readonly ends?: true
  /** It needs `FAIL_SCHEMA`. */
  readonly inSchema?: true
  /** It is found out at COMMIT. */
  readonly late?: true
}

const insert = (values: string, or = ''): Statement => ({ sql: `INSERT ${or} INTO t (n, v) VALUES ${values}` })
const raise = (how: string): Statement => ({ sql: `INSERT INTO raising VALUES (${HALF}), ('${how}'), (${HALF})` })
const HALF_ROWS = `(90001, ${HALF}), (90002, ${HALF}), (-1, ${HALF}), (90003, ${HALF})`
const UNIQUE = { code: 'NOORMME_UNIQUE', sqliteCode: 'SQLITE_CONSTRAINT_UNIQUE' }
const TRIGGER = { code: 'NOORMME_CONSTRAINT', sqliteCode: 'SQLITE_CONSTRAINT_TRIGGER' }
const FOREIGN_KEY = { code: 'NOORMME_FOREIGN_KEY', sqliteCode: 'SQLITE_CONSTRAINT_FOREIGNKEY', late: true } as const
const orphan: Statement = { sql: 'INSERT INTO child (parent_id) VALUES (99)' }

const CULPRITS: Readonly<Record<string, Culprit>> = {
  'a constraint': { statements: [insert(HALF_ROWS)], ...UNIQUE },
  'INSERT OR FAIL half-way': { statements: [insert(HALF_ROWS, 'OR FAIL')], ...UNIQUE },
  'INSERT OR FAIL with RETURNING half-way': {
    statements: [{ sql: `INSERT OR FAIL INTO t (n, v) VALUES ${HALF_ROWS} RETURNING id` }],
    ...UNIQUE,
  },
  'a constraint ON CONFLICT FAIL half-way': {
    statements: [{ sql: 'INSERT INTO picky VALUES (1), (2), (1)' }],
    ...UNIQUE,
    inSchema: true,
  },
  'INSERT OR ROLLBACK': { statements: [insert(HALF_ROWS, 'OR ROLLBACK')], ...UNIQUE, ends: true },
  'RAISE(ABORT)': { statements: [raise('abort')], ...TRIGGER },
  'RAISE(FAIL) half-way': { statements: [raise('fail')], ...TRIGGER, inSchema: true },
  'RAISE(ROLLBACK)': { statements: [raise('rollback')], ...TRIGGER, ends: true },
  'a function that fails half-way': {
    statements: [insert(`(90001, ${HALF}), (abs(-9223372036854775808), ${HALF})`)],
    code: 'NOORMME_STATEMENT',
    sqliteCode: 'SQLITE_ERROR',
  },
  'a deferred foreign key': { statements: [orphan], ...FOREIGN_KEY },
  'a batch that meets a constraint': { statements: [insert(`(90001, ${HALF})`), insert(HALF_ROWS)], ...UNIQUE },
  'a batch that meets FAIL': { statements: [insert(`(90009, ${HALF})`), insert(HALF_ROWS, 'OR FAIL')], ...UNIQUE },
  'a batch that meets ROLLBACK': {
    statements: [insert(`(90001, ${HALF})`), raise('rollback')],
    ...TRIGGER,
    ends: true,
  },
  'a batch with a deferred foreign key': { statements: [insert(`(90001, ${HALF})`), orphan], ...FOREIGN_KEY },
}

/** Only with the functions of a compiled extension. */
const FORCED: typeof CULPRITS = {
  'an interrupt': {
    statements: [insert(`(90001, ${HALF}), (fails_with_interrupt(), ${HALF}), (90002, ${HALF})`)],
    code: 'NOORMME_STATEMENT',
    sqliteCode: 'SQLITE_INTERRUPT',
    ends: true,
  },
  'no memory': {
    statements: [insert(`(90001, ${HALF}), (fails_with_nomem(), ${HALF})`)],
    code: 'NOORMME_STATEMENT',
    sqliteCode: 'SQLITE_NOMEM',
  },
}
const ALL = Object.entries(canCompile ? { ...CULPRITS, ...FORCED } : CULPRITS)

const folder = mkdtempSync(join(tmpdir(), 'noormme-failures-'))
const libraries = canCompile ? [compileFailures(folder)] : []
afterAll(() => rmSync(folder, { recursive: true }))

async function open(kind: EngineKind, { inSchema = false } = {}): Promise<Engine> {
  const { engine } = await openTestEngine(kind, { extensions: { libraries, setup: null } })
  await engine.transaction((tx) => tx.script(inSchema ? SCHEMA + FAIL_SCHEMA : SCHEMA))
  return engine
}

/** Makes 256 writes in one go, with these culprits at these places, and compares all with the file. */
async function writeAround(engine: Engine, culprits: ReadonlyMap<number, Culprit>, round = 0): Promise<void> {
  const neighbours = new Map<number, GroupWrite>()
  for (let n = 0; n < GROUP; n++) if (!culprits.has(n)) neighbours.set(n, neighbour(n + round * GROUP))
  const statements = Array.from({ length: GROUP }, (_, n) => (culprits.get(n) ?? neighbours.get(n))?.statements ?? [])
  const settled = await writeAll(engine, statements)

  for (const [n, outcome] of settled.entries()) {
    const culprit = culprits.get(n)
    if (culprit === undefined) expect(outcome, `neighbour ${n}`).toMatchObject({ status: 'fulfilled' })
    else expect(outcome).toMatchObject({ reason: { code: culprit.code, sqliteCode: culprit.sqliteCode } })
  }
  await expectStored(
    engine,
    new Map([...neighbours].map(([n, write]) => [write, settled[n] as (typeof settled)[number]])),
  )
  await expectNothingHalf(engine)
}

async function expectNothingHalf(engine: Engine): Promise<void> {
  expect(await rowsOf(engine, `SELECT n FROM t WHERE v = ${HALF}`)).toEqual([])
  const picky = await rowsOf(engine, "SELECT name FROM sqlite_schema WHERE name = 'picky'")
  for (const table of [...CULPRITS_ONLY, ...picky.map(() => 'picky')])
    expect(await rowsOf(engine, `SELECT * FROM ${table}`)).toEqual([])
  expect(await rowsOf(engine, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
}

test.each(ALL)(
  'one write among 255 neighbours that fails by %s rejects alone and has stored nothing: the first, one in the middle, the last',
  async (_name, culprit) => {
    const engine = await open('wal', culprit)
    for (const [round, place] of [0, GROUP / 2, GROUP - 1].entries()) {
      await writeAround(engine, new Map([[place, culprit]]), round)
    }
  },
)

describe.each([
  ['wal', true],
  ['wal', false],
  ['delete', false],
  ['memory', false],
] as const)('on %s, FAIL in the schema: %s', (kind, inSchema) => {
  const SOME = ALL.filter(([, culprit]) => inSchema || culprit.inSchema === undefined)

  test('one write of each kind of failure in one group', async () => {
    const engine = await open(kind, { inSchema })
    const culprits = SOME.map(([, culprit], index) => [7 + 15 * index, culprit] as const)
    await writeAround(engine, new Map(culprits))
  })

  test('inside a transaction none of them leaves anything of itself', async () => {
    const engine = await open(kind, { inSchema })
    for (const [name, culprit] of SOME) {
      const reason = { code: culprit.code, sqliteCode: culprit.sqliteCode }
      const transaction = engine.transaction(async (tx) => {
        await tx.execute(insert("(1, 'before')"))
        const [failed] = await writeAll(tx, [culprit.statements])
        if (culprit.late) expect(failed, name).toMatchObject({ status: 'fulfilled' })
        else expect(failed, name).toMatchObject({ reason })
        await tx.execute(insert("(2, 'after')"))
      })

      if (culprit.late) await expect(transaction, name).rejects.toMatchObject(reason)
      else if (culprit.ends)
        await expect(transaction, name).rejects.toMatchObject({ code: 'NOORMME_TRANSACTION_ENDED' })
      else await transaction
      const survivors = culprit.late || culprit.ends ? [] : [{ v: 'before' }, { v: 'after' }]
      expect(await rowsOf(engine, 'DELETE FROM t WHERE n > 0 RETURNING v'), name).toEqual(survivors)
      await expectNothingHalf(engine)
    }
  })
})

test('a write that met the row of a neighbour which then fails at COMMIT is run again, not refused', async () => {
  const engine = await open('wal')
  await engine.execute({ sql: 'INSERT INTO parent VALUES (1)' })
  const child = (parent: number) => engine.execute({ sql: `INSERT INTO child (n, parent_id) VALUES (7, ${parent})` })
  const settled = await Promise.allSettled([child(99), child(1)])
  expect(settled).toMatchObject([{ reason: { code: 'NOORMME_FOREIGN_KEY' } }, { status: 'fulfilled' }])
  expect(await rowsOf(engine, 'SELECT n, parent_id FROM child')).toEqual([{ n: 7, parent_id: 1 }])
})
