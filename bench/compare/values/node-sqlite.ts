import { DatabaseSync } from 'node:sqlite'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const exact = recommended('readBigInts: true, which makes every integer a bigint', 'integer')

await run(async (file) => {
  const db = new DatabaseSync(file, { readBigInts: exact })
  return {
    read: async (id) => db.prepare('SELECT * FROM things WHERE id = ?').get(id),
    insertBytes: async (id, bytes) => db.prepare('INSERT INTO things (id, bytes) VALUES (?, ?)').run(id, bytes),
    insertFlag: async (id, flag) => db.prepare('INSERT INTO things (id, flag) VALUES (?, ?)').run(id, flag as never),
    insertRatio: async (id, ratio) => db.prepare('INSERT INTO things (id, ratio) VALUES (?, ?)').run(id, ratio),
    close: () => db.close(),
  }
})
