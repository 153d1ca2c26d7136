/** A small gallery for tests of relations: every kind of them, and a repository of its works. */
import type { Executor, Statement } from '../../src/engine/types.ts'
import type { Repository } from '../../src/repository/types.ts'
import { type OpenRepositories, openRepositories } from './open-repositories.ts'

const TABLES = [
  'CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
  'CREATE TABLE works (id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists, title TEXT, seen TEXT)',
  'CREATE TABLE comments (id INTEGER PRIMARY KEY, work_id INTEGER REFERENCES works, parent_id INTEGER REFERENCES comments, body TEXT)',
  'CREATE INDEX comments_by_work ON comments (work_id, id)',
  'CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE work_tags (work_id INTEGER REFERENCES works, tag_id INTEGER REFERENCES tags, PRIMARY KEY (work_id, tag_id)) WITHOUT ROWID',
  "INSERT INTO artists VALUES (1, 'Mira'), (2, 'Per')",
  "INSERT INTO works VALUES (1, 1, 'one', '2026-01-01'), (2, 1, 'two', NULL), (3, NULL, 'three', NULL)",
  "INSERT INTO comments VALUES (1, 1, NULL, 'a'), (2, 1, 1, 'b'), (3, 2, NULL, 'c'), (4, 1, 1, 'd')",
  "INSERT INTO tags VALUES (1, 'red'), (2, 'blue')",
  'INSERT INTO work_tags VALUES (1, 1), (1, 2), (3, 2)',
]
export interface OpenGallery extends AsyncDisposable {
  readonly db: OpenRepositories
  readonly works: Repository
}

export async function openGallery(...more: string[]): Promise<OpenGallery> {
  const db = await openRepositories(...TABLES, ...more)
  return { db, works: await db.repository('works'), [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() }
}

/** A repository that keeps what it sends. */
export async function watchedWorks(
  db: OpenRepositories,
): Promise<{ readonly works: Repository; readonly statements: readonly Statement[] }> {
  const statements: Statement[] = []
  const executor: Pick<Executor, 'execute'> = {
    execute: (statement, options) => {
      statements.push(statement)
      return db.engine.execute(statement, options)
    },
  }
  return { works: await db.repository('works', { executor: executor as Executor }), statements }
}
