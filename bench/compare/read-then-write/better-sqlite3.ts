import Database from 'better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new Database(file)

const increment = db.transaction(() => {
  const counter = db.prepare<[], { value: number }>('SELECT value FROM counters WHERE id = 1').get()
  db.prepare('UPDATE counters SET value = ? WHERE id = 1').run((counter?.value ?? 0) + 1)
})

await run({ file, increment: async () => increment(), close: () => db.close() })
