import { MikroORM } from '@mikro-orm/sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { Item } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const file = freshFile()
const orm = await MikroORM.init({ dbName: file, entities: [Item] })
// The entity manager of the request.
const em = orm.em.fork()

await run({
  file,
  transaction: (work) => em.transactional(work),
  insert: (name) => em.insert(Item, { name }),
  close: () => orm.close(),
})
