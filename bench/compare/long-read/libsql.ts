import { createClient } from '@libsql/client'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const client = createClient({ url: `file:${file}` })

await run({
  query: (sql) => client.execute(sql),
  close: () => client.close(),
})
