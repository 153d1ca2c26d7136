import { openNodeDatabase } from '../contestants/node-sqlite.ts'
import { sqlShop } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

export const openNodeSqliteShop: OpenShop = (path, synchronous) => {
  const database = openNodeDatabase(path, synchronous)
  return sqlShop(
    (sql) => database.prepare(sql),
    () => database.close(),
  )
}
