/** Everything through repositories, but for the totals, which are SQL. */
import { NOORMME } from 'noormme'
import { ORDER_WITH_DETAILS, ORDERS_WITH_DETAILS } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

interface Named {
  readonly id: number
  readonly name: string
}
interface Company {
  readonly id: number
  readonly company_name: string
}

export const openNoormmeShop: OpenShop = async (path, synchronous) => {
  const db = new NOORMME({ connection: { database: path }, optimization: { synchronous } })
  await db.initialize()
  const customers = db.getRepository<Company>('customers')
  const employees = db.getRepository<{ readonly id: number }>('employees')
  const suppliers = db.getRepository<Company>('suppliers')
  const products = db.getRepository<Named>('products')
  const orders = db.getRepository<{ readonly id: number }>('orders')

  return {
    customers: (limit, offset) => customers.findAll({ orderBy: 'id', limit, offset }),
    customerById: (id) => customers.findById(id),
    customerSearch: (text) => customers.findAll({ where: { company_name: { contains: text } }, orderBy: 'id' }),
    employees: (limit, offset) => employees.findAll({ orderBy: 'id', limit, offset }),
    employeeWithRecipient: (id) => employees.findById(id, { with: { recipient: true } }),
    suppliers: (limit, offset) => suppliers.findAll({ orderBy: 'id', limit, offset }),
    supplierById: (id) => suppliers.findById(id),
    products: (limit, offset) => products.findAll({ orderBy: 'id', limit, offset }),
    productWithSupplier: (id) => products.findById(id, { with: { supplier: true } }),
    productSearch: (text) => products.findAll({ where: { name: { contains: text } }, orderBy: 'id' }),
    ordersWithDetails: async (limit, offset) =>
      (await db.execute(ORDERS_WITH_DETAILS, [limit, offset])).rows as readonly object[],
    orderWithDetails: async (id) => (await db.execute(ORDER_WITH_DETAILS, [id])).rows[0] as object | undefined,
    orderFull: (id) => orders.findById(id, { with: { details: { with: { product: true } } } }),
    close: () => db.close(),
  }
}
