import { MikroORM } from '@mikro-orm/sqlite'
import { recommended } from '../lib/verdict.ts'
import { Item } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const full = recommended('journal_mode = WAL and synchronous = FULL')

await run(import.meta.url, async (file) => {
  const orm = await MikroORM.init({ dbName: file, entities: [Item] })
  if (full) {
    await orm.em.getConnection().execute('PRAGMA journal_mode = WAL')
    await orm.em.getConnection().execute('PRAGMA synchronous = FULL')
  }
  return {
    insert: (name) => orm.em.fork().insert(Item, { name }),
    close: () => orm.close(),
  }
})
