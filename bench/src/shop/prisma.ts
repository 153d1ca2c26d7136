/** Prisma's client with `include`; totals are SQL. */

import { PrismaClient } from '../../generated/northwind/client.js'
import { openPrismaAdapter, setUp } from '../contestants/prisma.ts'
import { ORDER_WITH_DETAILS, ORDERS_WITH_DETAILS } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

const BY_ID = { id: 'asc' } as const

export const openPrismaShop: OpenShop = async (path, synchronous) => {
  const db = new PrismaClient({ adapter: openPrismaAdapter(path) })
  await setUp(db, synchronous)

  return {
    customers: (take, skip) => db.customers.findMany({ orderBy: BY_ID, take, skip }),
    customerById: (id) => db.customers.findUnique({ where: { id } }),
    customerSearch: (text) => db.customers.findMany({ where: { company_name: { contains: text } }, orderBy: BY_ID }),
    employees: (take, skip) => db.employees.findMany({ orderBy: BY_ID, take, skip }),
    employeeWithRecipient: (id) => db.employees.findUnique({ where: { id }, include: { recipient: true } }),
    suppliers: (take, skip) => db.suppliers.findMany({ orderBy: BY_ID, take, skip }),
    supplierById: (id) => db.suppliers.findUnique({ where: { id } }),
    products: (take, skip) => db.products.findMany({ orderBy: BY_ID, take, skip }),
    productWithSupplier: (id) => db.products.findUnique({ where: { id }, include: { supplier: true } }),
    productSearch: (text) => db.products.findMany({ where: { name: { contains: text } }, orderBy: BY_ID }),
    ordersWithDetails: (limit, offset) => db.$queryRawUnsafe<object[]>(ORDERS_WITH_DETAILS, limit, offset),
    orderWithDetails: async (id) => (await db.$queryRawUnsafe<object[]>(ORDER_WITH_DETAILS, id))[0],
    orderFull: (id) =>
      db.orders.findUnique({
        where: { id },
        include: { details: { include: { product: true }, orderBy: BY_ID } },
      }),
    close: () => db.$disconnect(),
  }
}
