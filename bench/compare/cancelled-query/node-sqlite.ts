import { DatabaseSync } from 'node:sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new DatabaseSync(file)

await run({
  query: async (sql) => db.prepare(sql).get(),
  canBeTold: false,
  close: () => db.close(),
})
