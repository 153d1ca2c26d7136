import { createClient } from '@libsql/client'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const wal = recommended('journal_mode = WAL')

await run(import.meta.url, async (file) => {
  const client = createClient({ url: `file:${file}` })
  if (wal) await client.execute('PRAGMA journal_mode = WAL')
  return {
    insert: (name) => client.execute({ sql: 'INSERT INTO items (name) VALUES (?)', args: [name] }),
    close: () => client.close(),
  }
})
