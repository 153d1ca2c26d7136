import { NOORMME } from 'noormme'
import { run } from './scenario.ts'

await run(async (file) => {
  const db = new NOORMME(`sqlite:${file}`)
  await db.initialize()
  const things = db.getRepository('things')
  return {
    read: (id) => things.findById(id),
    insertBytes: (id, bytes) => things.create({ id, bytes }),
    insertFlag: (id, flag) => things.create({ id, flag }),
    insertRatio: (id, ratio) => things.create({ id, ratio }),
    close: () => db.close(),
  }
})
