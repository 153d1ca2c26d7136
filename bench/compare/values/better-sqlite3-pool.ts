import Database from 'better-sqlite3-pool'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const exact = recommended('safeIntegers(), which makes every integer a bigint', 'integer')

await run(async (file) => {
  const db = await Database.create(file)
  return {
    read: (id) => db.prepare('SELECT * FROM things WHERE id = ?').safeIntegers(exact).get(id),
    insertBytes: (id, bytes) => db.prepare('INSERT INTO things (id, bytes) VALUES (?, ?)').run(id, Buffer.from(bytes)),
    insertFlag: (id, flag) => db.prepare('INSERT INTO things (id, flag) VALUES (?, ?)').run(id, flag),
    insertRatio: (id, ratio) => db.prepare('INSERT INTO things (id, ratio) VALUES (?, ?)').run(id, ratio),
    close: () => db.close(),
  }
})
