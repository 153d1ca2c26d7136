/** Writes of every kind made in one go, and what the file must hold afterwards: exactly what each of them was told. */
import { expect } from 'vitest'
import type { Engine, ResultSet, Statement } from '../../src/engine/types.ts'
import { rowsOf } from './open-engine.ts'

/** As many as share one commit at most. */
export const GROUP = 256

export const GROUP_SCHEMA = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE, v);
  CREATE TABLE logged (id INTEGER PRIMARY KEY, n INTEGER);
  CREATE TABLE log (n INTEGER);
  CREATE TRIGGER logged_insert AFTER INSERT ON logged BEGIN INSERT INTO log VALUES (NEW.n); END;
  CREATE VIEW seen AS SELECT n FROM log;
  CREATE TRIGGER seen_insert INSTEAD OF INSERT ON seen BEGIN INSERT INTO log VALUES (NEW.n); END;
  CREATE TABLE keyed (name TEXT PRIMARY KEY, n INTEGER) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE words USING fts5 (text);
  INSERT INTO t VALUES (1, -1, 'first');`

type Stored = Readonly<Record<string, unknown>>

/** One write of the group: what it does, and what the file must hold when it was told `result`, or when it was refused. */
export interface GroupWrite {
  readonly statements: readonly Statement[]
  /** Where to look for what it has stored. */
  readonly look: Statement
  /** The rows found there when it has succeeded with these results. */
  readonly stored: (results: readonly ResultSet[]) => readonly Stored[]
  /** What it was told beside that: compared as it is. */
  readonly told: readonly Partial<ResultSet>[]
}

const KINDS: readonly ((n: number) => GroupWrite)[] = [
  (n) => ({
    statements: [{ sql: 'INSERT INTO t (n, v) VALUES (?, ?)', parameters: [n, `plain ${n}`] }],
    look: { sql: 'SELECT id, v FROM t WHERE n = ?', parameters: [n] },
    stored: ([result]) => [{ id: result?.lastInsertRowid, v: `plain ${n}` }],
    told: [{ changes: 1, rows: [] }],
  }),
  (n) => ({
    statements: [
      { sql: 'INSERT INTO t (n, v) VALUES (?, ?), (?, ?) RETURNING id, n, v', parameters: [n, 1, -n - 2, 2] },
    ],
    look: { sql: 'SELECT id, n, v FROM t WHERE n IN (?, ?) ORDER BY id', parameters: [n, -n - 2] },
    stored: ([result]) => result?.rows ?? [],
    told: [{ changes: 2 }],
  }),
  (n) => ({
    statements: [
      { sql: 'INSERT INTO t (n, v) VALUES (?, ?)', parameters: [n, 'batch'] },
      { sql: 'INSERT INTO t (n, v) SELECT ?, last_insert_rowid()', parameters: [-n - 2] },
    ],
    look: { sql: 'SELECT id, v FROM t WHERE n IN (?, ?) ORDER BY id', parameters: [n, -n - 2] },
    stored: ([one, two]) => [
      { id: one?.lastInsertRowid, v: 'batch' },
      { id: two?.lastInsertRowid, v: one?.lastInsertRowid },
    ],
    told: [{ changes: 1 }, { changes: 1 }],
  }),
  (n) => ({
    statements: [{ sql: 'INSERT OR IGNORE INTO t (n, v) VALUES (-1, ?)', parameters: [`ignored ${n}`] }],
    look: { sql: 'SELECT id FROM t WHERE v = ?', parameters: [`ignored ${n}`] },
    stored: () => [],
    told: [{ changes: 0, lastInsertRowid: null }],
  }),
  (n) => ({
    statements: [
      { sql: 'INSERT INTO keyed VALUES (?, ?)', parameters: [`key ${n}`, n] },
      { sql: 'INSERT INTO keyed VALUES (?, 0) ON CONFLICT DO UPDATE SET n = n + 1', parameters: [`key ${n}`] },
    ],
    look: { sql: 'SELECT n FROM keyed WHERE name = ?', parameters: [`key ${n}`] },
    stored: () => [{ n: n + 1 }],
    told: [
      { changes: 1, lastInsertRowid: null },
      { changes: 1, lastInsertRowid: null },
    ],
  }),
  (n) => ({
    statements: [{ sql: 'INSERT INTO logged (n) VALUES (?)', parameters: [n] }],
    look: { sql: 'SELECT logged.id, log.n FROM logged JOIN log USING (n) WHERE n = ?', parameters: [n] },
    stored: ([result]) => [{ id: result?.lastInsertRowid, n }],
    told: [{ changes: 1 }],
  }),
  (n) => ({
    statements: [{ sql: 'INSERT INTO seen VALUES (?)', parameters: [n] }],
    look: { sql: 'SELECT n FROM log WHERE n = ?', parameters: [n] },
    stored: () => [{ n }],
    // SQLite counts the rows of a view's trigger nowhere: https://sqlite.org/c3ref/changes.html
    told: [{ changes: 0, lastInsertRowid: null }],
  }),
  (n) => ({
    statements: [{ sql: 'INSERT INTO words (text) VALUES (?)', parameters: [`word${n}`] }],
    look: { sql: 'SELECT rowid, text FROM words WHERE words MATCH ?', parameters: [`word${n}`] },
    stored: ([result]) => [{ rowid: result?.lastInsertRowid, text: `word${n}` }],
    told: [{ changes: 1 }],
  }),
  () => ({
    statements: [{ sql: 'UPDATE t SET v = v WHERE n = ? RETURNING n', parameters: [-1] }],
    look: { sql: 'SELECT n FROM t WHERE n = ?', parameters: [-1] },
    stored: () => [{ n: -1 }],
    told: [{ changes: 1, lastInsertRowid: null, rows: [{ n: -1 }] }],
  }),
]

/** The n-th neighbour; the kinds take turns. */
export function neighbour(n: number): GroupWrite {
  return (KINDS[n % KINDS.length] as (n: number) => GroupWrite)(n)
}

/** Makes all of them at once: a single statement by `execute`, several by `batch`. */
export function writeAll(
  engine: Pick<Engine, 'execute' | 'batch'>,
  writes: readonly (readonly Statement[])[],
): Promise<PromiseSettledResult<readonly ResultSet[]>[]> {
  return Promise.allSettled(
    writes.map(async (statements) => {
      const [only, ...more] = statements
      return only === undefined || more.length > 0 ? engine.batch(statements) : [await engine.execute(only)]
    }),
  )
}

/** Compares what each neighbour was told with what the file holds. */
export async function expectStored(
  engine: Engine,
  writes: ReadonlyMap<GroupWrite, PromiseSettledResult<readonly ResultSet[]>>,
): Promise<void> {
  const found: unknown[] = []
  const expected: unknown[] = []
  await engine.snapshot(async (snapshot) => {
    for (const [{ statements, look, stored, told }, settled] of writes) {
      const name = statements[0]?.sql
      const succeeded = settled.status === 'fulfilled'
      found.push({ name, rows: await rowsOf(snapshot, look.sql, ...(look.parameters ?? [])) })
      expected.push({ name, rows: succeeded ? stored(settled.value) : [] })
      if (succeeded) expect(settled.value).toMatchObject(told)
    }
  })
  expect(found).toEqual(expected)
}
