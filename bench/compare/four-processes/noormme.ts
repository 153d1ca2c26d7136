import { NOORMME } from 'noormme'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const db = new NOORMME(`sqlite:${file}`)
  await db.initialize()
  const increment = () =>
    db.transaction(async (tx) => {
      const counters = tx.getRepository<{ id: number; value: number }>('counters')
      const counter = await counters.findById(1)
      await counters.update(1, { value: (counter?.value ?? 0) + 1 })
    })
  return { increment, close: () => db.close() }
})
