import { MikroORM } from '@mikro-orm/sqlite'
import { recommended } from '../lib/verdict.ts'
import { Page } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

// What better-sqlite3's documentation advises for this, where the tool has nothing of its own.
const restarts = recommended('a wal_checkpoint(RESTART) of your own')

await run(async (file) => {
  const orm = await MikroORM.init({ dbName: file, entities: [Page] })
  return {
    update: (id, body) => orm.em.fork().nativeUpdate(Page, { id }, { body }),
    restart: restarts ? () => orm.em.getConnection().execute('PRAGMA wal_checkpoint(RESTART)') : null,
    close: () => orm.close(),
  }
})
