import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { freshFolder } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

// As docs/migrations.md has it. A file that forgets `kept_posts` is undone, with an error that names the table.
const migration = `
PRAGMA defer_foreign_keys = ON;
CREATE TABLE kept_users AS SELECT * FROM users;
CREATE TABLE kept_posts AS SELECT * FROM posts;
DROP TABLE users;
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, age INTEGER NOT NULL);
INSERT INTO users SELECT * FROM kept_users;
INSERT INTO posts SELECT * FROM kept_posts;
DROP TABLE kept_users;
DROP TABLE kept_posts;
`
const folder = freshFolder()
writeFileSync(join(folder, '0001_age_is_a_number.sql'), migration)

await run({
  migrate: async (file) => {
    const db = new NOORMME(`sqlite:${file}`)
    await db.initialize()
    await db.migrate(folder).finally(() => db.close())
  },
})
