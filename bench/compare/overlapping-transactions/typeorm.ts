import { DataSource } from 'typeorm'
import { freshFile } from '../lib/fresh-file.ts'
import { oneAfterAnother } from '../lib/queue.ts'
import { recommended } from '../lib/verdict.ts'
import { Item } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

const queued = recommended('a queue of your own around every transaction')
const file = freshFile()
const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [Item] }).initialize()
const queue = oneAfterAnother()

type Work = (insert: (name: string) => Promise<unknown>) => Promise<void>
const transaction = (work: Work) =>
  source.transaction((manager) => work((name) => manager.getRepository(Item).insert({ name })))

await run({
  file,
  transaction: (work) => (queued ? queue(() => transaction(work)) : transaction(work)),
  close: () => source.destroy(),
})
