/** Drizzle as in its own benchmark: relational queries, `select` for totals; prepared and kept, or built at each call. */
import { asc, count, eq, like, type Placeholder, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { openDriver } from '../contestants/driver.ts'
import * as tables from './drizzle-tables.ts'
import type { OpenShop } from './types.ts'

const { customers, employees, suppliers, products, orders, details } = tables
const schema = {
  ...tables,
  ordersRelations: relations(orders, ({ many }) => ({ details: many(details) })),
  detailsRelations: relations(details, ({ one }) => ({
    order: one(orders, { fields: [details.order_id], references: [orders.id] }),
    product: one(products, { fields: [details.product_id], references: [products.id] }),
  })),
  employeesRelations: relations(employees, ({ one }) => ({
    recipient: one(employees, { fields: [employees.recipient_id], references: [employees.id] }),
  })),
  productsRelations: relations(products, ({ one }) => ({
    supplier: one(suppliers, { fields: [products.supplier_id], references: [suppliers.id] }),
  })),
}

type Param<T> = T | Placeholder

export const openDrizzlePreparedShop: OpenShop = (path, synchronous) => {
  const { queries, close } = open(path, synchronous)
  const id = sql.placeholder('id')
  const limit = sql.placeholder('limit')
  const offset = sql.placeholder('offset')
  const text = sql.placeholder('text')
  const customerPage = queries.customers(limit, offset).prepare()
  const customerById = queries.customerById(id).prepare()
  const customerSearch = queries.customerSearch(text).prepare()
  const employeePage = queries.employees(limit, offset).prepare()
  const employeeWithRecipient = queries.employeeWithRecipient(id).prepare()
  const supplierPage = queries.suppliers(limit, offset).prepare()
  const supplierById = queries.supplierById(id).prepare()
  const productPage = queries.products(limit, offset).prepare()
  const productWithSupplier = queries.productWithSupplier(id).prepare()
  const productSearch = queries.productSearch(text).prepare()
  const ordersWithDetails = queries.ordersWithDetails(limit, offset).prepare()
  const orderWithDetails = queries.orderWithDetails(id).prepare()
  const orderFull = queries.orderFull(id).prepare()

  return {
    customers: (take, skip) => customerPage.execute({ limit: take, offset: skip }),
    customerById: (key) => customerById.execute({ id: key }),
    customerSearch: (words) => customerSearch.execute({ text: `%${words}%` }),
    employees: (take, skip) => employeePage.execute({ limit: take, offset: skip }),
    employeeWithRecipient: (key) => employeeWithRecipient.execute({ id: key }),
    suppliers: (take, skip) => supplierPage.execute({ limit: take, offset: skip }),
    supplierById: (key) => supplierById.execute({ id: key }),
    products: (take, skip) => productPage.execute({ limit: take, offset: skip }),
    productWithSupplier: (key) => productWithSupplier.execute({ id: key }),
    productSearch: (words) => productSearch.execute({ text: `%${words}%` }),
    ordersWithDetails: (take, skip) => ordersWithDetails.all({ limit: take, offset: skip }),
    orderWithDetails: (key) => orderWithDetails.get({ id: key }),
    orderFull: (key) => orderFull.execute({ id: key }),
    close,
  }
}

export const openDrizzleShop: OpenShop = (path, synchronous) => {
  const { queries, close } = open(path, synchronous)
  return {
    customers: (limit, offset) => queries.customers(limit, offset),
    customerById: (id) => queries.customerById(id),
    customerSearch: (text) => queries.customerSearch(`%${text}%`),
    employees: (limit, offset) => queries.employees(limit, offset),
    employeeWithRecipient: (id) => queries.employeeWithRecipient(id),
    suppliers: (limit, offset) => queries.suppliers(limit, offset),
    supplierById: (id) => queries.supplierById(id),
    products: (limit, offset) => queries.products(limit, offset),
    productWithSupplier: (id) => queries.productWithSupplier(id),
    productSearch: (text) => queries.productSearch(`%${text}%`),
    ordersWithDetails: (limit, offset) => queries.ordersWithDetails(limit, offset).all(),
    orderWithDetails: (id) => queries.orderWithDetails(id).get(),
    orderFull: (id) => queries.orderFull(id),
    close,
  }
}

function open(path: string, synchronous: 'FULL' | 'NORMAL') {
  const driver = openDriver(path, synchronous)
  const db = drizzle({ client: driver, schema })
  const totals = () =>
    db
      .select({
        id: orders.id,
        shipped_date: orders.shipped_date,
        ship_name: orders.ship_name,
        ship_city: orders.ship_city,
        ship_country: orders.ship_country,
        products_count: count(details.product_id),
        quantity_sum: sql<number>`sum(${details.quantity})`,
        total_price: sql<number>`sum(${details.quantity} * ${details.unit_price})`,
      })
      .from(orders)
      .leftJoin(details, eq(details.order_id, orders.id))

  const queries = {
    customers: (limit: Param<number>, offset: Param<number>) =>
      db.query.customers.findMany({ limit: limit as number, offset: offset as number, orderBy: customers.id }),
    customerById: (id: Param<number>) => db.query.customers.findFirst({ where: eq(customers.id, id) }),
    customerSearch: (text: Param<string>) =>
      db.query.customers.findMany({ where: like(customers.company_name, text as string), orderBy: customers.id }),
    employees: (limit: Param<number>, offset: Param<number>) =>
      db.query.employees.findMany({ limit: limit as number, offset: offset as number, orderBy: employees.id }),
    employeeWithRecipient: (id: Param<number>) =>
      db.query.employees.findFirst({ where: eq(employees.id, id), with: { recipient: true } }),
    suppliers: (limit: Param<number>, offset: Param<number>) =>
      db.query.suppliers.findMany({ limit: limit as number, offset: offset as number, orderBy: suppliers.id }),
    supplierById: (id: Param<number>) => db.query.suppliers.findFirst({ where: eq(suppliers.id, id) }),
    products: (limit: Param<number>, offset: Param<number>) =>
      db.query.products.findMany({ limit: limit as number, offset: offset as number, orderBy: products.id }),
    productWithSupplier: (id: Param<number>) =>
      db.query.products.findFirst({ where: eq(products.id, id), with: { supplier: true } }),
    productSearch: (text: Param<string>) =>
      db.query.products.findMany({ where: like(products.name, text as string), orderBy: products.id }),
    ordersWithDetails: (limit: Param<number>, offset: Param<number>) =>
      totals()
        .groupBy(orders.id)
        .orderBy(asc(orders.id))
        .limit(limit as number)
        .offset(offset as number),
    orderWithDetails: (id: Param<number>) => totals().where(eq(orders.id, id)).groupBy(orders.id),
    orderFull: (id: Param<number>) =>
      db.query.orders.findFirst({
        where: eq(orders.id, id),
        with: { details: { with: { product: true }, orderBy: details.id } },
      }),
  }
  return {
    queries,
    close: () => {
      driver.close()
    },
  }
}
