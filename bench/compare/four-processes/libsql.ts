import { createClient } from '@libsql/client'
import { recommended } from '../lib/verdict.ts'
import { run } from './scenario.ts'

const better = recommended('timeout: 5000 and journal_mode = WAL')

await run(import.meta.url, async (file) => {
  const client = createClient({ url: `file:${file}`, ...(better ? { timeout: 5000 } : {}) })
  if (better) await client.execute('PRAGMA journal_mode = WAL')
  const increment = async (): Promise<void> => {
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
  return { increment, close: () => client.close() }
})
