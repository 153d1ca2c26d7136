import Database from 'better-sqlite3-pool'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = await Database.create(file)

await run({
  file,
  transaction: (work) =>
    db.transaction(() => work((name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name)))(),
  close: () => db.close(),
})
