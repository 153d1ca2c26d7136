import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { recommended } from '../lib/verdict.ts'
import { things } from '../tables/drizzle.ts'
import { run } from './scenario.ts'

const exact = recommended('defaultSafeIntegers() of the driver, which makes every integer a bigint', 'integer')

await run(async (file) => {
  const db = drizzle(file)
  db.$client.defaultSafeIntegers(exact)
  return {
    read: async (id) => db.select().from(things).where(eq(things.id, id)).get(),
    insertBytes: async (id, bytes) => db.insert(things).values({ id, bytes: Buffer.from(bytes) }),
    insertFlag: async (id, flag) => db.insert(things).values({ id, flag }),
    insertRatio: async (id, ratio) => db.insert(things).values({ id, ratio }),
    close: () => db.$client.close(),
  }
})
