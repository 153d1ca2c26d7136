import { NOORMME } from 'noormme'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new NOORMME(`sqlite:${file}`)
await db.initialize()

await run({
  transaction: (work) => db.transaction((tx) => work((name) => tx.getRepository('items').create({ name }))),
  names: async () => (await db.getRepository<{ id: number; name: string }>('items').findAll()).map(({ name }) => name),
  close: () => db.close(),
})
