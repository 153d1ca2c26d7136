import Database from 'better-sqlite3-pool'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = await Database.create(file)

await run({
  query: (sql) => db.prepare(sql).get(),
  canBeTold: false,
  close: () => db.close(),
})
