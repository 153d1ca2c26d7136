/** Relations as Kysely's own page about them shows: SQLite makes JSON of them, a plugin reads it. */
import type { Kyselify } from 'drizzle-orm/kysely'
import { Kysely, ParseJSONResultsPlugin, SqliteDialect, sql } from 'kysely'
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/sqlite'
import { openDriver } from '../contestants/driver.ts'
import type * as tables from './drizzle-tables.ts'
import type { OpenShop } from './types.ts'

type Tables = { readonly [T in keyof typeof tables]: Kyselify<(typeof tables)[T]> }
type Products = Tables['products']

const PRODUCT = [
  'id',
  'name',
  'qt_per_unit',
  'unit_price',
  'units_in_stock',
  'units_on_order',
  'reorder_level',
  'discontinued',
  'supplier_id',
] as const satisfies readonly (keyof Products)[]

export const openKyselyShop: OpenShop = (path, synchronous) => {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openDriver(path, synchronous) }) })
  const nested = db.withPlugin(new ParseJSONResultsPlugin())

  const totals = db
    .selectFrom('orders')
    .leftJoin('details', 'details.order_id', 'orders.id')
    .select(['orders.id', 'shipped_date', 'ship_name', 'ship_city', 'ship_country'])
    .select(({ fn }) => [
      fn.count('details.product_id').as('products_count'),
      fn.sum('details.quantity').as('quantity_sum'),
      sql<number>`sum(details.quantity * details.unit_price)`.as('total_price'),
    ])
    .groupBy('orders.id')

  return {
    customers: (limit, offset) =>
      db.selectFrom('customers').selectAll().orderBy('id').limit(limit).offset(offset).execute(),
    customerById: (id) => db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst(),
    customerSearch: (text) =>
      db.selectFrom('customers').selectAll().where('company_name', 'like', `%${text}%`).orderBy('id').execute(),
    employees: (limit, offset) =>
      db.selectFrom('employees').selectAll().orderBy('id').limit(limit).offset(offset).execute(),
    employeeWithRecipient: (id) =>
      nested
        .selectFrom('employees as e')
        .selectAll('e')
        .select(({ selectFrom }) =>
          jsonObjectFrom(
            selectFrom('employees as r')
              .select(['r.id', 'r.last_name', 'r.first_name', 'r.title', 'r.title_of_courtesy', 'r.birth_date'])
              .select(['r.hire_date', 'r.address', 'r.city', 'r.postal_code', 'r.country', 'r.home_phone'])
              .select(['r.extension', 'r.notes', 'r.recipient_id'])
              .whereRef('r.id', '=', 'e.recipient_id'),
          ).as('recipient'),
        )
        .where('e.id', '=', id)
        .executeTakeFirst(),
    suppliers: (limit, offset) =>
      db.selectFrom('suppliers').selectAll().orderBy('id').limit(limit).offset(offset).execute(),
    supplierById: (id) => db.selectFrom('suppliers').selectAll().where('id', '=', id).executeTakeFirst(),
    products: (limit, offset) =>
      db.selectFrom('products').selectAll().orderBy('id').limit(limit).offset(offset).execute(),
    productWithSupplier: (id) =>
      nested
        .selectFrom('products')
        .selectAll('products')
        .select(({ selectFrom }) =>
          jsonObjectFrom(
            selectFrom('suppliers as s')
              .select(['s.id', 's.company_name', 's.contact_name', 's.contact_title', 's.address', 's.city'])
              .select(['s.region', 's.postal_code', 's.country', 's.phone'])
              .whereRef('s.id', '=', 'products.supplier_id'),
          ).as('supplier'),
        )
        .where('products.id', '=', id)
        .executeTakeFirst(),
    productSearch: (text) =>
      db.selectFrom('products').selectAll().where('name', 'like', `%${text}%`).orderBy('id').execute(),
    ordersWithDetails: (limit, offset) => totals.orderBy('orders.id').limit(limit).offset(offset).execute(),
    orderWithDetails: (id) => totals.where('orders.id', '=', id).executeTakeFirst(),
    orderFull: (id) =>
      nested
        .selectFrom('orders')
        .selectAll('orders')
        .select(({ selectFrom }) =>
          jsonArrayFrom(
            selectFrom('details as d')
              .select(['d.id', 'd.unit_price', 'd.quantity', 'd.discount', 'd.order_id', 'd.product_id'])
              .select((line) =>
                jsonObjectFrom(
                  line.selectFrom('products').select(PRODUCT).whereRef('products.id', '=', 'd.product_id'),
                ).as('product'),
              )
              .whereRef('d.order_id', '=', 'orders.id')
              .orderBy('d.id'),
          ).as('details'),
        )
        .where('orders.id', '=', id)
        .executeTakeFirst(),
    close: () => db.destroy(),
  }
}
