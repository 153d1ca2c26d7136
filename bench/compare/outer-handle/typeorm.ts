import { DataSource } from 'typeorm'
import { freshFile } from '../lib/fresh-file.ts'
import { Item } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

const file = freshFile()
const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [Item] }).initialize()

await run({
  file,
  transaction: (work) => source.transaction(work),
  insert: (name) => source.getRepository(Item).insert({ name }),
  close: () => source.destroy(),
})
