import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { NOORMME } from 'noormme'
import { expect, onTestFinished, test } from 'vitest'
import { openRepositories } from '../../test/support/open-repositories.ts'
import type { Executor, Statement } from '../engine/types.ts'

interface Name {
  readonly id: number
  readonly name: string
}

const SCHEMA = [
  'CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL, number NUMERIC)',
  'CREATE INDEX folded ON names (name COLLATE NOCASE)',
  'CREATE INDEX plain ON names (name)',
  'CREATE INDEX numbers ON names (number COLLATE NOCASE)',
]

/** An executor that keeps what it was given. */
function recording(executor: Executor): { readonly executor: Executor; readonly statements: Statement[] } {
  const statements: Statement[] = []
  const execute: Executor['execute'] = (statement, options) => {
    statements.push(statement)
    return executor.execute(statement, options)
  }
  return { executor: Object.assign(Object.create(executor), { execute }), statements }
}

test('a pattern finds the same rows by its range as without an index', async () => {
  await using db = await openRepositories(...SCHEMA, 'CREATE TABLE bare (id INTEGER PRIMARY KEY, name TEXT NOT NULL)')
  const indexed = await db.repository<Name>('names')
  const bare = await db.repository<Name>('bare')
  const characters = fc.constantFrom(
    'a',
    'A',
    'z',
    'Z',
    '@',
    '[',
    '{',
    'é',
    'É',
    '\ud7ff',
    '\ue000',
    '\u{10ffff}',
    '\\',
    '%',
    '_',
    '*',
    '?',
    '0',
  )
  const texts = fc.string({ unit: characters, maxLength: 4 })
  const names = fc.sample(texts, { numRuns: 400, seed: 7 })
  await indexed.createMany(names.map((name) => ({ name })))
  await bare.createMany(names.map((name) => ({ name })))

  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.constantFrom('like', 'notLike', 'startsWith', 'endsWith', 'glob'),
      async (text, operator) => {
        const find = { where: { name: { [operator]: text } }, orderBy: 'id', select: ['id'] } as never
        expect(await indexed.findAll(find)).toEqual(await bare.findAll(find))
      },
    ),
    { numRuns: 300 },
  )
})

test.each([
  [{ startsWith: 'mo' }, 'USING INDEX folded (name>? AND name<?)'],
  [{ like: 'mo%n' }, 'USING INDEX folded (name>? AND name<?)'],
  [{ glob: 'mo*' }, 'USING INDEX plain (name>? AND name<?)'],
  [{ like: '%mo' }, 'SCAN names'],
  [{ contains: 'mo' }, 'SCAN names'],
])('%o is searched: %s', async (condition, plan) => {
  await using db = await openRepositories(...SCHEMA)
  const { executor, statements } = recording(db.engine)
  const names = await db.repository<Name>('names', { executor })
  await names.findAll({ where: { name: condition } as never })

  const last = statements.at(-1)
  const { rows } = await db.engine.execute({ ...last, sql: `EXPLAIN QUERY PLAN ${last?.sql}` })
  expect(rows.map(({ detail }) => detail).join()).toContain(plan)
})

test('a column that may hold numbers is searched without a range', async () => {
  await using db = await openRepositories(
    ...SCHEMA,
    "INSERT INTO names (name, number) VALUES ('x', 1200), ('y', 'abc')",
  )
  const { executor, statements } = recording(db.engine)
  const names = await db.repository('names', { executor })

  expect(await names.findAll({ where: { number: { like: '12%' } } } as never)).toHaveLength(1)
  expect(statements.at(-1)?.sql).not.toContain('>=')
})

test('a LIKE of the user’s own decides by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-like-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const setup = join(folder, 'setup.mjs')
  writeFileSync(
    setup,
    "export default (c) => c.function('like', { deterministic: true }, (p, t) => t.endsWith(p.slice(0, -1)))",
  )
  await using db = new NOORMME({ connection: { database: join(folder, 'app.db') }, setup })
  for (const sql of SCHEMA) await db.execute(sql)
  await db.refreshSchema()
  const names = db.getRepository<Name>('names')
  await names.create({ name: 'half a moon' })

  expect(await names.findAll({ where: { name: { like: 'moon%' } } })).toHaveLength(1)
})
