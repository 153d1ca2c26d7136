import { DataSource } from 'typeorm'
import { recommended } from '../lib/verdict.ts'
import { Counter } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

const better = recommended('enableWAL: true')

await run(import.meta.url, async (file) => {
  const source = new DataSource({ type: 'better-sqlite3', database: file, entities: [Counter], enableWAL: better })
  await source.initialize()
  const increment = () =>
    source.transaction(async (manager) => {
      const { value } = await manager.findOneByOrFail(Counter, { id: 1 })
      await manager.update(Counter, { id: 1 }, { value: value + 1 })
    })
  return { increment, close: () => source.destroy() }
})
