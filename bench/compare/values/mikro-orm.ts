import { MikroORM } from '@mikro-orm/sqlite'
import { recommended } from '../lib/verdict.ts'
import { Thing } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const exact = recommended('getNativeClient().defaultSafeIntegers(), which makes every integer a bigint', 'integer')

await run(async (file) => {
  const orm = await MikroORM.init({ dbName: file, entities: [Thing] })
  const driver = await orm.em.getDriver().getConnection().getNativeClient()
  driver.defaultSafeIntegers(exact)
  return {
    read: (id) => orm.em.fork().findOne(Thing, { id }),
    insertBytes: (id, bytes) => orm.em.fork().insert(Thing, { id, bytes: Buffer.from(bytes) }),
    insertFlag: (id, flag) => orm.em.fork().insert(Thing, { id, flag }),
    insertRatio: (id, ratio) => orm.em.fork().insert(Thing, { id, ratio }),
    close: () => orm.close(),
  }
})
