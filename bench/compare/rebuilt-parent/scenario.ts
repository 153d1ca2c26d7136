/**
 * A column of a table that another refers to gets another type, which SQLite can do only by making the table anew. The tool's
 * own migration does it. The rows that refer to it, ON DELETE CASCADE, have to be there afterwards.
 */
import { create as addTo, committed, freshFile } from '../lib/fresh-file.ts'
import { end } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

export const BEFORE = `
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, age TEXT NOT NULL);
CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, user_id INTEGER NOT NULL, title TEXT NOT NULL,
  FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE);
`
const ROWS = `
INSERT INTO users (age) VALUES ('37');
INSERT INTO posts (user_id, title) VALUES (1, 'first'), (1, 'second');
`

export interface Tool {
  /** Makes the two tables, where the tool has to have made them itself. */
  readonly create?: (file: string) => unknown
  /** Applies the migration. */
  migrate(file: string): unknown
}

export async function run({ create, migrate }: Tool): Promise<never> {
  const file = freshFile(create === undefined ? BEFORE : '')
  await create?.(file)
  addTo(file, ROWS)
  let refused: unknown = null
  try {
    await migrate(file)
  } catch (error) {
    refused = error
  }
  const posts = committed<{ readonly count: number }>(file, 'SELECT count(*) AS count FROM posts')[0]?.count ?? 0
  const [age] = committed<{ readonly type: string }>(
    file,
    `SELECT type FROM pragma_table_info('users') WHERE name = 'age'`,
  )
  if (posts < 2) {
    const told = refused === null ? 'and says that all went well' : `and says: ${firstLine(refused)}`
    verdict('red', `lost ${2 - posts} of 2`, `The migration empties the table that refers to the rebuilt one, ${told}.`)
  } else if (refused !== null) {
    verdict('yellow', 'refused', `No row is lost, but it is not done: ${firstLine(refused)}`)
  } else if (age?.type.toLowerCase() !== 'integer') {
    verdict('yellow', 'not done', 'No row is lost, but the column is as it was, without a word.')
  } else verdict('green', 'kept 2 of 2', 'The table is rebuilt, and the rows that refer to it are there.')
  return end(() => undefined)
}
