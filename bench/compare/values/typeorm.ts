import { DataSource } from 'typeorm'
import { Thing } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

await run(async (file) => {
  const source = await new DataSource({ type: 'better-sqlite3', database: file, entities: [Thing] }).initialize()
  return {
    read: (id) => source.getRepository(Thing).findOneBy({ id }),
    insertBytes: (id, bytes) => source.getRepository(Thing).insert({ id, bytes: Buffer.from(bytes) }),
    insertFlag: (id, flag) => source.getRepository(Thing).insert({ id, flag }),
    insertRatio: (id, ratio) => source.getRepository(Thing).insert({ id, ratio }),
    close: () => source.destroy(),
  }
})
