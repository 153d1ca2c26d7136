import { MikroORM } from '@mikro-orm/sqlite'
import { freshFile } from '../lib/fresh-file.ts'
import { Counter } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const file = freshFile()
const orm = await MikroORM.init({ dbName: file, entities: [Counter] })

const increment = () =>
  orm.em.fork().transactional(async (em) => {
    const counter = await em.findOneOrFail(Counter, 1)
    counter.value++
  })

await run({ file, increment, close: () => orm.close() })
