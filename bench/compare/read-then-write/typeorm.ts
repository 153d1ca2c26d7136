import { DataSource } from 'typeorm'
import { freshFile } from '../lib/fresh-file.ts'
import { oneAfterAnother } from '../lib/queue.ts'
import { recommended } from '../lib/verdict.ts'
import { Counter } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

const queued = recommended('a queue of your own around every transaction')
const file = freshFile()
const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [Counter] }).initialize()
const queue = oneAfterAnother()

const increment = () =>
  source.transaction(async (manager) => {
    const { value } = await manager.findOneByOrFail(Counter, { id: 1 })
    await manager.update(Counter, { id: 1 }, { value: value + 1 })
  })

await run({ file, increment: () => (queued ? queue(increment) : increment()), close: () => source.destroy() })
