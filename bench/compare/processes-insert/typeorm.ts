import { DataSource } from 'typeorm'
import { Item } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [Item] }).initialize()
  return {
    insert: (name) => source.getRepository(Item).insert({ name }),
    close: () => source.destroy(),
  }
})
