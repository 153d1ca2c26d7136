import { MikroORM } from '@mikro-orm/sqlite'
import { recommended } from '../lib/verdict.ts'
import { Counter } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL')

await run(import.meta.url, async (file) => {
  const orm = await MikroORM.init({ dbName: file, entities: [Counter] })
  if (better) await orm.em.getConnection().execute('PRAGMA journal_mode = WAL')
  const increment = () =>
    orm.em.fork().transactional(async (em) => {
      const counter = await em.findOneOrFail(Counter, 1)
      counter.value++
    })
  return { increment, close: () => orm.close() }
})
