import { DatabaseSync } from 'node:sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const twice = recommended('a second connection for reading')
const file = freshFile()
const db = new DatabaseSync(file)
const reader = twice ? new DatabaseSync(file, { timeout: 1000 }) : db

await run({
  // It has no transactions of its own: BEGIN, COMMIT and ROLLBACK are written by hand.
  transaction: async (work) => {
    db.exec('BEGIN')
    try {
      await work(async (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name))
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  },
  names: async () =>
    reader
      .prepare('SELECT name FROM items')
      .all()
      .map(({ name }) => String(name)),
  close: () => db.close(),
})
