import Database from 'better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new Database(file)

await run({
  file,
  insert: async (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
  close: () => db.close(),
})
