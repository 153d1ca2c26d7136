import { openDriver } from '../contestants/driver.ts'
import { type Row, sqlShop } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

export const openBetterSqlite3Shop: OpenShop = (path, synchronous) => {
  const database = openDriver(path, synchronous)
  return sqlShop(
    (sql) => database.prepare<(string | number)[], Row>(sql),
    () => {
      database.close()
    },
  )
}
