import { createClient } from '@libsql/client'
import { freshFile } from '../lib/fresh-file.ts'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const waits = recommended('timeout: 1000')
const file = freshFile()
const client = createClient({ url: `file:${file}`, ...(waits ? { timeout: 1000 } : {}) })

await run({
  file,
  transaction: async (work) => {
    const transaction = await client.transaction('write')
    try {
      await work()
      await transaction.commit()
    } finally {
      transaction.close()
    }
  },
  insert: (name) => client.execute({ sql: 'INSERT INTO items (name) VALUES (?)', args: [name] }),
  close: () => client.close(),
})
