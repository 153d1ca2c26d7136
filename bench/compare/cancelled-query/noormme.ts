import { NOORMME } from 'noormme'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new NOORMME(`sqlite:${file}`)
await db.initialize()

await run({
  query: (sql, signal) => db.execute(sql, [], { signal }),
  canBeTold: true,
  close: () => db.close(),
})
