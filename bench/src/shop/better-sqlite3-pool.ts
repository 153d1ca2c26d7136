import { openPool } from '../contestants/better-sqlite3-pool.ts'
import { type Row, sqlShop } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

export const openBetterSqlite3PoolShop: OpenShop = async (path, synchronous) => {
  const database = await openPool(path, synchronous)
  return sqlShop(
    (sql) => {
      const statement = database.prepare(sql)
      return {
        all: (...parameters) => statement.all<Row>(...parameters),
        get: (...parameters) => statement.get<Row>(...parameters),
      }
    },
    async () => {
      await database.close()
    },
  )
}
