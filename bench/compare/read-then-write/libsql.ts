import { createClient } from '@libsql/client'
import { freshFile } from '../lib/fresh-file.ts'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const waits = recommended('timeout: 100')
const file = freshFile()
const client = createClient({ url: `file:${file}`, ...(waits ? { timeout: 100 } : {}) })

async function increment(): Promise<void> {
  const transaction = await client.transaction('write')
  try {
    const { rows } = await transaction.execute('SELECT value FROM counters WHERE id = 1')
    const value = Number(rows[0]?.value) + 1
    await transaction.execute({ sql: 'UPDATE counters SET value = ? WHERE id = 1', args: [value] })
    await transaction.commit()
  } finally {
    transaction.close()
  }
}

await run({ file, increment, close: () => client.close() })
