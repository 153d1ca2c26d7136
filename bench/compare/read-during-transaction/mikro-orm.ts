import { MikroORM } from '@mikro-orm/sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { Item } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const file = freshFile()
const orm = await MikroORM.init({ dbName: file, entities: [Item] })

await run({
  transaction: (work) => orm.em.fork().transactional((em) => work((name) => em.insert(Item, { name }))),
  names: async () => (await orm.em.fork().findAll(Item)).map(({ name }) => name),
  close: () => orm.close(),
})
