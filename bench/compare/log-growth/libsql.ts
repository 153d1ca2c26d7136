import { createClient } from '@libsql/client'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('timeout: 5000 and a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const client = createClient({ url: `file:${file}`, ...(restarts ? { timeout: 5000 } : {}) })
  return {
    update: (id, body) => client.execute({ sql: 'UPDATE pages SET body = ? WHERE id = ?', args: [body, id] }),
    restart: restarts ? () => client.execute('PRAGMA wal_checkpoint(RESTART)') : null,
    close: () => client.close(),
  }
})
