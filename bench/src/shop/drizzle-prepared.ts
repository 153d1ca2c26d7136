/** Drizzle with every query prepared once and kept. */
import { count, eq, like, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { alias, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { openDriver } from '../contestants/driver.ts'
import type { Shop } from './types.ts'

const customers = sqliteTable('customers', {
  id: integer('id').primaryKey(),
  company: text('company').notNull(),
  city: text('city').notNull(),
  country: text('country').notNull(),
})
const employees = sqliteTable('employees', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  reports_to: integer('reports_to'),
})
const suppliers = sqliteTable('suppliers', { id: integer('id').primaryKey(), company: text('company').notNull() })
const products = sqliteTable('products', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  price: real('price').notNull(),
  supplier_id: integer('supplier_id').notNull(),
})
const orders = sqliteTable('orders', {
  id: integer('id').primaryKey(),
  customer_id: integer('customer_id').notNull(),
  employee_id: integer('employee_id').notNull(),
  ordered: text('ordered').notNull(),
  freight: real('freight').notNull(),
})
const details = sqliteTable('details', {
  id: integer('id').primaryKey(),
  order_id: integer('order_id').notNull(),
  product_id: integer('product_id').notNull(),
  price: real('price').notNull(),
  quantity: integer('quantity').notNull(),
})
const managers = alias(employees, 'm')

export function openDrizzlePreparedShop(path: string): Shop {
  const driver = openDriver(path, 'FULL')
  const db = drizzle({ client: driver })
  const id = sql.placeholder('id')
  const page = { limit: sql.placeholder('limit'), offset: sql.placeholder('offset') }
  const customerPage = db.select().from(customers).orderBy(customers.id).limit(page.limit).offset(page.offset).prepare()
  const customerById = db.select().from(customers).where(eq(customers.id, id)).prepare()
  const customerSearch = db
    .select()
    .from(customers)
    .where(like(customers.company, sql.placeholder('pattern')))
    .orderBy(customers.id)
    .prepare()
  const ordersOfCustomer = db.select().from(orders).where(eq(orders.customer_id, id)).orderBy(orders.id).prepare()
  const employeeWithManager = db
    .select({ id: employees.id, name: employees.name, manager: managers.name })
    .from(employees)
    .leftJoin(managers, eq(managers.id, employees.reports_to))
    .where(eq(employees.id, id))
    .prepare()
  const productWithSupplier = db
    .select({ id: products.id, name: products.name, price: products.price, supplier: suppliers.company })
    .from(products)
    .innerJoin(suppliers, eq(suppliers.id, products.supplier_id))
    .where(eq(products.id, id))
    .prepare()
  const orderWithDetails = db
    .select({
      id: orders.id,
      ordered: orders.ordered,
      price: details.price,
      quantity: details.quantity,
      product: products.name,
    })
    .from(orders)
    .innerJoin(details, eq(details.order_id, orders.id))
    .innerJoin(products, eq(products.id, details.product_id))
    .where(eq(orders.id, id))
    .prepare()
  const orderTotals = db
    .select({
      id: orders.id,
      ordered: orders.ordered,
      lines: count(details.id),
      total: sql<number>`sum(${details.price} * ${details.quantity})`,
    })
    .from(orders)
    .innerJoin(details, eq(details.order_id, orders.id))
    .groupBy(orders.id)
    .orderBy(orders.id)
    .limit(page.limit)
    .offset(page.offset)
    .prepare()

  return {
    customers: (limit, offset) => customerPage.all({ limit, offset }),
    customerById: (key) => customerById.get({ id: key }),
    customerSearch: (words) => customerSearch.all({ pattern: `%${words}%` }),
    ordersOfCustomer: (key) => ordersOfCustomer.all({ id: key }),
    employeeWithManager: (key) => employeeWithManager.all({ id: key }),
    productWithSupplier: (key) => productWithSupplier.all({ id: key }),
    orderWithDetails: (key) => orderWithDetails.all({ id: key }),
    orderTotals: (limit, offset) => orderTotals.all({ limit, offset }),
    close: () => {
      driver.close()
    },
  }
}
