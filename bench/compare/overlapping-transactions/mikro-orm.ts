import { MikroORM } from '@mikro-orm/sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { Item } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const file = freshFile()
const orm = await MikroORM.init({ dbName: file, entities: [Item] })

await run({
  file,
  // A fork of the entity manager for each request, as its documentation asks for.
  transaction: (work) => orm.em.fork().transactional((em) => work((name) => em.insert(Item, { name }))),
  close: () => orm.close(),
})
