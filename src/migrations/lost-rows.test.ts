/** Three tables in a row, by CASCADE, SET NULL and SET DEFAULT, and the ways a migration may take rows of them along. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type OpenRepositories, openRepositories } from '../../test/support/open-repositories.ts'
import { isNoormmeError } from '../errors.ts'
import { migrate } from './migrate.ts'

const TABLES = `CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE works (id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists (id) ON DELETE CASCADE);
CREATE TABLE comments (id INTEGER PRIMARY KEY, work_id INTEGER REFERENCES works (id) ON DELETE CASCADE);
CREATE TABLE notes (id INTEGER PRIMARY KEY, work_id INTEGER REFERENCES works (id) ON DELETE SET NULL);
CREATE TABLE patrons (id INTEGER PRIMARY KEY);
CREATE TABLE bonds (id INTEGER PRIMARY KEY, patron_id INTEGER REFERENCES patrons (id));
CREATE TABLE prizes (id INTEGER PRIMARY KEY, patron_id INTEGER DEFAULT 1 REFERENCES patrons (id) ON DELETE SET DEFAULT);
INSERT INTO artists VALUES (1, 'x'), (2, 'y');
INSERT INTO works VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO comments VALUES (1, 1), (2, 1), (3, 3), (4, 3);
INSERT INTO notes VALUES (1, 3), (2, NULL);
INSERT INTO patrons VALUES (1), (2); INSERT INTO bonds VALUES (1, 1);
INSERT INTO prizes VALUES (1, 2), (2, 1);`

const ALL = {
  artists: ['1|x', '2|y'],
  works: ['1|1', '2|1', '3|2'],
  comments: ['1|1', '2|1', '3|3', '4|3'],
  notes: ['1|3', '2|'],
  patrons: ['1', '2'],
  bonds: ['1|1'],
  prizes: ['1|2', '2|1'],
}

let folder: string
let db: OpenRepositories

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noormme-lost-rows-'))
  db = await openRepositories()
  await apply('0001_tables.sql', TABLES)
})
afterEach(async () => {
  await db[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

async function apply(name: string, sql: string): Promise<void> {
  writeFileSync(join(folder, name), sql)
  await migrate(db.engine, folder)
}

async function refusal(sql: string): Promise<string> {
  try {
    await apply('0002_change.sql', sql)
  } catch (error) {
    if (isNoormmeError(error, 'NOORMME_MIGRATION')) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

/** Every row of every table, as another program finds them. */
function everything(): Record<string, string[]> {
  const witness = new Database(db.path, { readonly: true })
  try {
    return Object.fromEntries(
      Object.keys(ALL).map((table) => {
        const rows = witness.prepare(`SELECT * FROM ${table} ORDER BY 1`).raw().all() as unknown[][]
        return [table, rows.map((row) => row.join('|'))]
      }),
    )
  } finally {
    witness.close()
  }
}

/** Rebuilds artists and puts the works back, after `first`. */
const keepWorks = (first = ''): string =>
  `PRAGMA defer_foreign_keys = ON; CREATE TABLE kept_artists AS SELECT * FROM artists;
CREATE TABLE kept_works AS SELECT * FROM works; ${first}
DROP TABLE IF EXISTS "artists"; CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
INSERT INTO artists SELECT * FROM kept_artists; INSERT INTO works SELECT * FROM kept_works;
DROP TABLE kept_artists; DROP TABLE kept_works;`

/** Leaves works as the only table that refers to artists, directly or not. */
const ALONE = 'DROP TABLE comments; DROP TABLE notes;'
const trigger = (body: string): string => `CREATE TRIGGER t AFTER INSERT ON artists BEGIN ${body} END;`

describe('a migration is undone', () => {
  it.each([
    ['dropping a table takes the rows that refer to it', `${ALONE} DROP TABLE artists;`, '3 rows of "works"'],
    [
      'the table is renamed away first',
      `ALTER TABLE artists RENAME TO "old ones"; CREATE TABLE artists (id INTEGER PRIMARY KEY);
INSERT INTO artists SELECT id FROM "old ones"; ${ALONE} DROP TABLE "old ones";`,
      '3 rows of "works"',
    ],
    ['the cascade goes on to a second table', keepWorks(), '4 rows of "comments"'],
    [
      'a key further down is set to NULL',
      keepWorks('DELETE FROM comments;'),
      '1 reference from "notes"."work_id" to "works"',
    ],
    ['a key is set to its default', 'DELETE FROM patrons WHERE id = 2', '1 reference from "prizes"."patron_id"'],
    [
      'the column of the key has another name now',
      `${ALONE} ALTER TABLE works RENAME COLUMN artist_id TO a_id; DROP TABLE artists;`,
      '3 rows of "works"',
    ],
    [
      'the table of the key has another name now',
      `${ALONE} ALTER TABLE works RENAME TO pieces; DROP TABLE artists;`,
      '3 rows of "works"',
    ],
    [
      'a key under another name is set to NULL',
      'ALTER TABLE notes RENAME work_id TO w_id; DELETE FROM works WHERE id = 3; DELETE FROM comments;',
      '1 reference from "notes"."work_id" to "works"',
    ],
    ['rows are deleted that others refer to', 'DELETE FROM artists WHERE id = 2;', '2 rows of "comments"'],
    ['this is behind a WITH', 'WITH a AS (SELECT 2) DELETE FROM artists WHERE id IN a', '2 rows of "comments"'],
    [
      'rows are replaced that others refer to',
      "INSERT OR REPLACE INTO artists VALUES (1, 'z')",
      '2 rows of "comments"',
    ],
    ['REPLACE does so', `${ALONE} REPLACE INTO artists VALUES (2, 'z');`, '1 row of "works"'],
    ['UPDATE OR REPLACE does so', "UPDATE OR REPLACE artists SET name = 'y' WHERE id = 1;", '1 row of "artists"'],
    [
      'only a trigger has a DELETE FROM',
      `${ALONE} ${trigger("DELETE FROM works; SELECT CASE WHEN 1 THEN ';' END; DELETE FROM works;")} DROP TABLE artists;`,
      '3 rows of "works"',
    ],
    [
      'only an explained statement has it',
      `${ALONE} EXPLAIN DELETE FROM works; DROP TABLE artists;`,
      '3 rows of "works"',
    ],
    [
      'only a string or a comment has it',
      `${ALONE} SELECT 'DELETE FROM works'; DROP TABLE artists; -- DELETE FROM works`,
      '3 rows of "works"',
    ],
    [
      'a trigger deletes',
      `${trigger('DELETE FROM comments WHERE id = 4;')} INSERT INTO artists VALUES (9, 'z');`,
      '1 row of "comments"',
    ],
  ])('when %s', async (_, sql, lost) => {
    const message = await refusal(sql)

    expect(message).toContain(`0002_change.sql: it loses ${lost}`)
    expect(everything()).toEqual(ALL)
  })

  it('with the reason in its message', async () => {
    expect(await refusal(`${ALONE} DROP TABLE artists`)).toBe(
      '0002_change.sql: it loses 3 rows of "works" and has no DELETE FROM for it (its key to "artists" is ON DELETE CASCADE)',
    )
    expect(await refusal('DELETE FROM works; DELETE FROM comments;')).toBe(
      '0002_change.sql: it loses 1 reference from "notes"."work_id" to "works" and has no UPDATE for it (its key is ON DELETE SET NULL)',
    )
  })
})

describe('a migration is applied', () => {
  it.each([
    ['drops all of them', 'DROP TABLE comments; DROP TABLE notes; DROP TABLE main.works; DROP TABLE artists'],
    [
      'names what goes along',
      `UPDATE OR FAIL main."notes" SET work_id = NULL; DELETE FROM comments WHERE work_id = 3;
WITH gone AS (SELECT 3) DELETE FROM [works] WHERE id IN gone; DELETE FROM 'artists' WHERE id = 2;`,
    ],
    ['drops a key with its column', 'ALTER TABLE bonds DROP COLUMN patron_id; DELETE FROM comments'],
    ['adds and changes rows', "INSERT INTO artists VALUES (3, 'z'); UPDATE artists SET name = name || '!'"],
    ['deletes rows that nobody refers to', 'DELETE FROM comments WHERE id > 2'],
    [
      'renames a table, and drops another',
      'ALTER TABLE works RENAME TO "to"; ALTER TABLE "to" RENAME artist_id TO "column"; DROP TABLE comments',
    ],
  ])('when it %s', async (_, sql) => {
    await expect(apply('0002_change.sql', sql)).resolves.toBeUndefined()
  })

  it('when it follows the recipe of docs/migrations.md, which keeps every row of three tables in a row', async () => {
    const recipe = /```sql\n([\s\S]*?)```/.exec(
      readFileSync(new URL('../../docs/migrations.md', import.meta.url), 'utf8'),
    )

    await apply('0002_change.sql', recipe?.[1] ?? 'none')

    expect(everything()).toEqual(ALL)
    expect((await db.engine.execute({ sql: "SELECT 1 FROM sqlite_schema WHERE name LIKE 'kept%'" })).rows).toEqual([])
  })
})
