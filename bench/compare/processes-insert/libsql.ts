import { createClient } from '@libsql/client'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const waits = recommended('timeout: 5000')

await run(import.meta.url, async (file) => {
  const client = createClient({ url: `file:${file}`, ...(waits ? { timeout: 5000 } : {}) })
  return {
    insert: (name) => client.execute({ sql: 'INSERT INTO items (name) VALUES (?)', args: [name] }),
    close: () => client.close(),
  }
})
