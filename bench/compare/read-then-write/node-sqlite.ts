import { DatabaseSync } from 'node:sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new DatabaseSync(file)

// It has no transactions of its own: BEGIN, COMMIT and ROLLBACK are written by hand.
async function increment(): Promise<void> {
  db.exec('BEGIN')
  try {
    const counter = db.prepare('SELECT value FROM counters WHERE id = 1').get()
    db.prepare('UPDATE counters SET value = ? WHERE id = 1').run(Number(counter?.value) + 1)
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

await run({ file, increment, close: () => db.close() })
