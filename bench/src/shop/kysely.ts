import { Kysely, SqliteDialect, sql } from 'kysely'
import { openDriver } from '../contestants/driver.ts'
import type { Shop } from './types.ts'

interface Tables {
  readonly customers: { id: number; company: string; city: string; country: string }
  readonly employees: { id: number; name: string; reports_to: number | null }
  readonly suppliers: { id: number; company: string; country: string }
  readonly products: { id: number; name: string; price: number; supplier_id: number }
  readonly orders: { id: number; customer_id: number; employee_id: number; ordered: string; freight: number }
  readonly details: { id: number; order_id: number; product_id: number; price: number; quantity: number }
}

export function openKyselyShop(path: string): Shop {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openDriver(path, 'FULL') }) })
  return {
    customers: (limit, offset) =>
      db.selectFrom('customers').selectAll().orderBy('id').limit(limit).offset(offset).execute(),
    customerById: (id) => db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst(),
    customerSearch: (text) =>
      db.selectFrom('customers').selectAll().where('company', 'like', `%${text}%`).orderBy('id').execute(),
    ordersOfCustomer: (id) => db.selectFrom('orders').selectAll().where('customer_id', '=', id).orderBy('id').execute(),
    employeeWithManager: (id) =>
      db
        .selectFrom('employees as e')
        .leftJoin('employees as m', 'm.id', 'e.reports_to')
        .select(['e.id', 'e.name', 'm.name as manager'])
        .where('e.id', '=', id)
        .execute(),
    productWithSupplier: (id) =>
      db
        .selectFrom('products as p')
        .innerJoin('suppliers as s', 's.id', 'p.supplier_id')
        .select(['p.id', 'p.name', 'p.price', 's.company as supplier'])
        .where('p.id', '=', id)
        .execute(),
    orderWithDetails: (id) =>
      db
        .selectFrom('orders as o')
        .innerJoin('details as d', 'd.order_id', 'o.id')
        .innerJoin('products as p', 'p.id', 'd.product_id')
        .select(['o.id', 'o.ordered', 'd.price', 'd.quantity', 'p.name as product'])
        .where('o.id', '=', id)
        .execute(),
    orderTotals: (limit, offset) =>
      db
        .selectFrom('orders as o')
        .innerJoin('details as d', 'd.order_id', 'o.id')
        .select(['o.id', 'o.ordered', sql<number>`count(d.id)`.as('lines')])
        .select(sql<number>`sum(d.price * d.quantity)`.as('total'))
        .groupBy('o.id')
        .orderBy('o.id')
        .limit(limit)
        .offset(offset)
        .execute(),
    close: () => db.destroy(),
  }
}
