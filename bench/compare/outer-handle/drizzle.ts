import { drizzle } from 'drizzle-orm/better-sqlite3'
import { freshFile } from '../lib/fresh-file.ts'
import { items } from '../tables/drizzle.ts'
import { runSynchronous } from './scenario.ts'

const file = freshFile()
const db = drizzle(file)

await runSynchronous({
  file,
  transaction: (work) => db.transaction(work),
  insert: (name) => db.insert(items).values({ name }).run(),
  close: () => db.$client.close(),
})
