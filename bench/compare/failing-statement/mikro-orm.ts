import { MikroORM } from '@mikro-orm/sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { Item } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const file = freshFile()
const orm = await MikroORM.init({ dbName: file, entities: [Item] })

await run({
  file,
  insert: (name) => orm.em.fork().insert(Item, { name }),
  close: () => orm.close(),
})
