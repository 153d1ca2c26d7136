import { NOORMME } from 'noormme'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const db = new NOORMME(`sqlite:${file}`)
await db.initialize()

const increment = () =>
  db.transaction(async (tx) => {
    const counters = tx.getRepository<{ id: number; value: number }>('counters')
    const counter = await counters.findById(1)
    await counters.update(1, { value: (counter?.value ?? 0) + 1 })
  })

await run({ file, increment, close: () => db.close() })
