import { MikroORM } from '@mikro-orm/sqlite'
import { Thing } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

await run(async (file) => {
  const orm = await MikroORM.init({ dbName: file, entities: [Thing] })
  return {
    read: (id) => orm.em.fork().findOne(Thing, { id }),
    insertBytes: (id, bytes) => orm.em.fork().insert(Thing, { id, bytes: Buffer.from(bytes) }),
    insertFlag: (id, flag) => orm.em.fork().insert(Thing, { id, flag }),
    insertRatio: (id, ratio) => orm.em.fork().insert(Thing, { id, ratio }),
    close: () => orm.close(),
  }
})
