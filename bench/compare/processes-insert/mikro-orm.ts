import { MikroORM } from '@mikro-orm/sqlite'
import { Item } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

await run(import.meta.url, async (file) => {
  const orm = await MikroORM.init({ dbName: file, entities: [Item] })
  return {
    insert: (name) => orm.em.fork().insert(Item, { name }),
    close: () => orm.close(),
  }
})
