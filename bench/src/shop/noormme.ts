/** Lists and searches through repositories, joins through SQL. */
import { NOORMME } from 'noormme'
import { EMPLOYEE_WITH_MANAGER, ORDER_TOTALS, ORDER_WITH_DETAILS, PRODUCT_WITH_SUPPLIER } from './statements.ts'
import type { Shop } from './types.ts'

export async function openNoormmeShop(path: string): Promise<Shop> {
  const db = new NOORMME({ connection: { database: path } })
  await db.initialize()
  const customers = db.getRepository<{ id: number; company: string }>('customers')
  const orders = db.getRepository<{ id: number; customer_id: number }>('orders')
  const rows = async (sql: string, ...parameters: readonly number[]) => (await db.execute(sql, parameters)).rows

  return {
    customers: (limit, offset) => customers.findAll({ orderBy: 'id', limit, offset }),
    customerById: (id) => customers.findById(id),
    customerSearch: (text) => customers.findAll({ where: { company: { contains: text } }, orderBy: 'id' }),
    ordersOfCustomer: (id) => orders.findAll({ where: { customer_id: id }, orderBy: 'id' }),
    employeeWithManager: (id) => rows(EMPLOYEE_WITH_MANAGER, id),
    productWithSupplier: (id) => rows(PRODUCT_WITH_SUPPLIER, id),
    orderWithDetails: (id) => rows(ORDER_WITH_DETAILS, id),
    orderTotals: (limit, offset) => rows(ORDER_TOTALS, limit, offset),
    close: () => db.close(),
  }
}
