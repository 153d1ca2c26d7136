import { NOORMME } from 'noormme'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new NOORMME(`sqlite:${file}`)
await db.initialize()

await run({
  file,
  transaction: (work) => db.transaction(work),
  insert: (name) => db.getRepository('items').create({ name }),
  close: () => db.close(),
})
