import Database from 'better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { run, type Thing } from './scenario.ts'

const exact = recommended('defaultSafeIntegers(), which makes every integer a bigint', 'integer')

await run(async (file) => {
  const db = new Database(file)
  db.defaultSafeIntegers(exact)
  return {
    read: async (id) => db.prepare<[number], Thing>('SELECT * FROM things WHERE id = ?').get(id),
    insertBytes: async (id, bytes) => db.prepare('INSERT INTO things (id, bytes) VALUES (?, ?)').run(id, bytes),
    insertFlag: async (id, flag) => db.prepare('INSERT INTO things (id, flag) VALUES (?, ?)').run(id, flag),
    insertRatio: async (id, ratio) => db.prepare('INSERT INTO things (id, ratio) VALUES (?, ?)').run(id, ratio),
    close: () => db.close(),
  }
})
