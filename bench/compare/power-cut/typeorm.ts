import { DataSource } from 'typeorm'
import { recommended } from '../lib/verdict.ts'
import { Item } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

const full = recommended('enableWAL: true and synchronous = FULL')

await run(import.meta.url, async (file) => {
  const source = new DataSource({ type: 'better-sqlite3', database: file, entities: [Item], enableWAL: full })
  await source.initialize()
  if (full) await source.query('PRAGMA synchronous = FULL')
  return {
    insert: (name) => source.getRepository(Item).insert({ name }),
    close: () => source.destroy(),
  }
})
