import { openDriver } from '../contestants/driver.ts'
import { EMPLOYEE_WITH_MANAGER, ORDER_TOTALS, ORDER_WITH_DETAILS, PRODUCT_WITH_SUPPLIER } from './statements.ts'
import type { Shop } from './types.ts'

export function openBetterSqlite3Shop(path: string): Shop {
  const database = openDriver(path, 'FULL')
  const prepare = (sql: string) => database.prepare<unknown[], object>(sql)
  const customers = prepare('SELECT id, company, city, country FROM customers ORDER BY id LIMIT ? OFFSET ?')
  const customerById = prepare('SELECT id, company, city, country FROM customers WHERE id = ?')
  const customerSearch = prepare('SELECT id, company, city, country FROM customers WHERE company LIKE ? ORDER BY id')
  const ordersOfCustomer = prepare(
    'SELECT id, customer_id, employee_id, ordered, freight FROM orders WHERE customer_id = ? ORDER BY id',
  )
  const employeeWithManager = prepare(EMPLOYEE_WITH_MANAGER)
  const productWithSupplier = prepare(PRODUCT_WITH_SUPPLIER)
  const orderWithDetails = prepare(ORDER_WITH_DETAILS)
  const orderTotals = prepare(ORDER_TOTALS)

  return {
    customers: (limit, offset) => customers.all(limit, offset),
    customerById: (id) => customerById.get(id),
    customerSearch: (text) => customerSearch.all(`%${text}%`),
    ordersOfCustomer: (id) => ordersOfCustomer.all(id),
    employeeWithManager: (id) => employeeWithManager.all(id),
    productWithSupplier: (id) => productWithSupplier.all(id),
    orderWithDetails: (id) => orderWithDetails.all(id),
    orderTotals: (limit, offset) => orderTotals.all(limit, offset),
    close: () => {
      database.close()
    },
  }
}
