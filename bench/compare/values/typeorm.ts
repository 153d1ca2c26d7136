import type { Database as Driver } from 'better-sqlite3'
import { DataSource } from 'typeorm'
import { recommended } from '../lib/verdict.ts'
import { Thing } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

const exact = recommended('prepareDatabase with defaultSafeIntegers(), which makes every integer a bigint', 'integer')

await run(async (file) => {
  const source = new DataSource({
    type: 'better-sqlite3',
    database: file,
    entities: [Thing],
    prepareDatabase: (driver: Driver) => void driver.defaultSafeIntegers(exact),
  })
  await source.initialize()
  return {
    read: (id) => source.getRepository(Thing).findOneBy({ id }),
    insertBytes: (id, bytes) => source.getRepository(Thing).insert({ id, bytes: Buffer.from(bytes) }),
    insertFlag: (id, flag) => source.getRepository(Thing).insert({ id, flag }),
    insertRatio: (id, ratio) => source.getRepository(Thing).insert({ id, ratio }),
    close: () => source.destroy(),
  }
})
