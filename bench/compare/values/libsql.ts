import { createClient } from '@libsql/client'
import { recommended } from '../lib/verdict.ts'
import { run, type Thing } from './scenario.ts'

const exact = recommended("intMode: 'bigint', which makes every integer a bigint", 'integer')

await run(async (file) => {
  const client = createClient({ url: `file:${file}`, intMode: exact ? 'bigint' : 'number' })
  return {
    read: async (id) =>
      (await client.execute({ sql: 'SELECT * FROM things WHERE id = ?', args: [id] })).rows[0] as Thing | undefined,
    insertBytes: (id, bytes) =>
      client.execute({ sql: 'INSERT INTO things (id, bytes) VALUES (?, ?)', args: [id, bytes] }),
    insertFlag: (id, flag) => client.execute({ sql: 'INSERT INTO things (id, flag) VALUES (?, ?)', args: [id, flag] }),
    insertRatio: (id, ratio) =>
      client.execute({ sql: 'INSERT INTO things (id, ratio) VALUES (?, ?)', args: [id, ratio] }),
    close: () => client.close(),
  }
})
