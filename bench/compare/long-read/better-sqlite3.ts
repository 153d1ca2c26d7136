import Database from 'better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new Database(file)

await run({
  query: (sql) => db.prepare(sql).get(),
  close: () => db.close(),
})
