import Database from 'better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { runSynchronous } from './scenario.ts'

const file = freshFile()
const db = new Database(file)

await runSynchronous({
  file,
  transaction: (work) => db.transaction(work)(),
  insert: (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
  close: () => db.close(),
})
