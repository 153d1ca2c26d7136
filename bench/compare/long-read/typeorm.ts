import { DataSource } from 'typeorm'
import { freshFile } from '../lib/fresh-file.ts'
import { run } from './scenario.ts'

const file = freshFile()
const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [] }).initialize()

await run({
  query: (sql) => source.query(sql),
  close: () => source.destroy(),
})
