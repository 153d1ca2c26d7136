import { openLibsqlClient } from '../contestants/libsql.ts'
import { sqlShop } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

export const openLibsqlShop: OpenShop = async (path, synchronous) => {
  const client = await openLibsqlClient(path, synchronous)
  const rows = async (sql: string, parameters: readonly (string | number)[]) =>
    (await client.execute(sql, [...parameters])).rows
  return sqlShop(
    (sql) => ({
      all: (...parameters) => rows(sql, parameters),
      get: async (...parameters) => (await rows(sql, parameters))[0],
    }),
    () => client.close(),
  )
}
