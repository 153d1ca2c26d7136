import Database from 'better-sqlite3-pool'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = await Database.create(file)

await run({
  transaction: (work) =>
    db.transaction(() => work((name) => db.prepare('INSERT INTO items (name) VALUES (?)').run(name)))(),
  names: async () => (await db.prepare('SELECT name FROM items').all()).map(({ name }: { name: string }) => name),
  close: () => db.close(),
})
