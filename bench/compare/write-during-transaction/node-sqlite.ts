import { DatabaseSync } from 'node:sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { oneAfterAnother } from '../lib/queue.ts'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const queued = recommended('a queue of your own around every call')
const file = freshFile()
const db = new DatabaseSync(file)
const queue = oneAfterAnother()

// It has no transactions of its own: BEGIN, COMMIT and ROLLBACK are written by hand.
async function transaction(work: (insert: (name: string) => Promise<unknown>) => Promise<void>): Promise<void> {
  db.exec('BEGIN')
  try {
    await work(async (name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name))
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

const insert = async (name: string) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name)

await run({
  file,
  transaction: (work) => (queued ? queue(() => transaction(work)) : transaction(work)),
  insert: (name) => (queued ? queue(() => insert(name)) : insert(name)),
  close: () => db.close(),
})
