/** Knex knows no relations: rows that belong together are asked for one table after another. */
import { openKnexClient } from '../contestants/knex.ts'
import type { OpenShop } from './types.ts'

export const openKnexShop: OpenShop = (path, synchronous) => {
  const db = openKnexClient(path, synchronous)
  const page = (table: string, limit: number, offset: number) =>
    db(table).select().orderBy('id').limit(limit).offset(offset)
  const totals = () =>
    db('orders')
      .leftJoin('details', 'details.order_id', 'orders.id')
      .select('orders.id', 'shipped_date', 'ship_name', 'ship_city', 'ship_country')
      .count({ products_count: 'details.product_id' })
      .sum({ quantity_sum: 'details.quantity' })
      .select(db.raw('sum(details.quantity * details.unit_price) AS total_price'))
      .groupBy('orders.id')

  return {
    customers: (limit, offset) => page('customers', limit, offset),
    customerById: (id) => db('customers').where({ id }).first(),
    customerSearch: (text) => db('customers').where('company_name', 'like', `%${text}%`).orderBy('id'),
    employees: (limit, offset) => page('employees', limit, offset),
    employeeWithRecipient: async (id) => {
      const employee = await db('employees').where({ id }).first()
      const recipient = await db('employees').where({ id: employee.recipient_id }).first()
      return { ...employee, recipient: recipient ?? null }
    },
    suppliers: (limit, offset) => page('suppliers', limit, offset),
    supplierById: (id) => db('suppliers').where({ id }).first(),
    products: (limit, offset) => page('products', limit, offset),
    productWithSupplier: async (id) => {
      const product = await db('products').where({ id }).first()
      return { ...product, supplier: await db('suppliers').where({ id: product.supplier_id }).first() }
    },
    productSearch: (text) => db('products').where('name', 'like', `%${text}%`).orderBy('id'),
    ordersWithDetails: (limit, offset) => totals().orderBy('orders.id').limit(limit).offset(offset),
    orderWithDetails: async (id) => (await totals().where('orders.id', id))[0],
    orderFull: async (id) => {
      const order = await db('orders').where({ id }).first()
      const details = await db('details').where({ order_id: id }).orderBy('id')
      const products = await db('products').whereIn(
        'id',
        details.map(({ product_id }) => product_id),
      )
      const byId = new Map(products.map((product) => [product.id, product]))
      return { ...order, details: details.map((line) => ({ ...line, product: byId.get(line.product_id) })) }
    },
    close: () => db.destroy(),
  }
}
