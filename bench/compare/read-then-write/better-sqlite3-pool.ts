import Database from 'better-sqlite3-pool'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = await Database.create(file)

const increment = db.transaction(async () => {
  const { value } = await db.prepare('SELECT value FROM counters WHERE id = 1').get()
  await db.prepare('UPDATE counters SET value = ? WHERE id = 1').run(value + 1)
})

await run({ file, increment: increment, close: () => db.close() })
