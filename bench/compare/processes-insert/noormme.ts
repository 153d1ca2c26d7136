import { NOORMME } from 'noormme'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const db = new NOORMME(`sqlite:${file}`)
  await db.initialize()
  return {
    insert: (name) => db.getRepository('items').create({ name }),
    close: () => db.close(),
  }
})
