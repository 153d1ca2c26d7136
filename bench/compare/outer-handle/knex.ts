import knex from 'knex'
import { freshFile } from '../lib/fresh-file.ts'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

// It waits for 60 s before it says that the pool is probably full.
const soon = recommended('acquireConnectionTimeout: 1000')
const file = freshFile()
const db = knex({
  client: 'better-sqlite3',
  connection: { filename: file },
  useNullAsDefault: true,
  ...(soon ? { acquireConnectionTimeout: 1000 } : {}),
})

await run({
  file,
  transaction: (work) => db.transaction(work),
  insert: async (name) => db('items').insert({ name }),
  close: () => db.destroy(),
})
