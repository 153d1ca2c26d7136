import { DatabaseSync } from 'node:sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { runSynchronous } from './scenario.ts'

const file = freshFile()
const db = new DatabaseSync(file)

await runSynchronous({
  file,
  // It has no transactions of its own: BEGIN, COMMIT and ROLLBACK are written by hand.
  transaction: (work) => {
    db.exec('BEGIN')
    try {
      work()
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  },
  insert: (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name),
  close: () => db.close(),
})
