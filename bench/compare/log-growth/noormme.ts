import { NOORMME } from 'noormme'
import { run } from './scenario.ts'

await run(async (file) => {
  const db = new NOORMME(`sqlite:${file}`)
  await db.initialize()
  return {
    update: (id, body) => db.getRepository('pages').update(id, { body }),
    close: () => db.close(),
  }
})
