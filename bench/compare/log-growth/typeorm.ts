import { DataSource } from 'typeorm'
import { recommended } from '../lib/verdict.ts'
import { Page } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [Page] }).initialize()
  return {
    update: (id, body) => source.getRepository(Page).update({ id }, { body }),
    restart: restarts ? () => source.query('PRAGMA wal_checkpoint(RESTART)') : null,
    close: () => source.destroy(),
  }
})
