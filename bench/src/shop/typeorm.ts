/** TypeORM's repositories with their relations; totals are SQL. */
import { EntitySchema, type EntitySchemaColumnOptions, Like } from 'typeorm'
import { openDataSource } from '../contestants/typeorm.ts'
import { CUSTOMER, DETAIL, EMPLOYEE, isNullable, ORDER, PRODUCT, SUPPLIER, typeOf } from './columns.ts'
import { ORDER_WITH_DETAILS, ORDERS_WITH_DETAILS } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

interface Keyed {
  readonly id: number
}
interface Company extends Keyed {
  readonly company_name: string
}
interface Employee extends Keyed {
  readonly recipient: Employee | null
}
interface Product extends Keyed {
  readonly name: string
  readonly supplier: Company
}
interface Detail extends Keyed {
  readonly order: Order
  readonly product: Product
}
interface Order extends Keyed {
  readonly details: Detail[]
}

const columns = (names: readonly string[]): Record<string, EntitySchemaColumnOptions> =>
  Object.fromEntries(
    names.map((name) => [name, { type: typeOf(name), primary: name === 'id', nullable: isNullable(name) }]),
  )

const customers = new EntitySchema<Company>({ name: 'customers', columns: columns(CUSTOMER) })
const suppliers = new EntitySchema<Company>({ name: 'suppliers', columns: columns(SUPPLIER) })
const employees = new EntitySchema<Employee>({
  name: 'employees',
  columns: columns(EMPLOYEE),
  relations: { recipient: { type: 'many-to-one', target: 'employees', joinColumn: { name: 'recipient_id' } } },
})
const products = new EntitySchema<Product>({
  name: 'products',
  columns: columns(PRODUCT),
  relations: { supplier: { type: 'many-to-one', target: 'suppliers', joinColumn: { name: 'supplier_id' } } },
})
const orders = new EntitySchema<Order>({
  name: 'orders',
  columns: columns(ORDER),
  relations: { details: { type: 'one-to-many', target: 'details', inverseSide: 'order' } },
})
const details = new EntitySchema<Detail>({
  name: 'details',
  columns: columns(DETAIL),
  relations: {
    order: { type: 'many-to-one', target: 'orders', joinColumn: { name: 'order_id' } },
    product: { type: 'many-to-one', target: 'products', joinColumn: { name: 'product_id' } },
  },
})
const BY_ID = { id: 'ASC' } as const

export const openTypeormShop: OpenShop = async (path, synchronous) => {
  const all = [customers, employees, suppliers, products, orders, details]
  const source = await openDataSource(path, synchronous, all)
  const customer = source.getRepository(customers)
  const employee = source.getRepository(employees)
  const supplier = source.getRepository(suppliers)
  const product = source.getRepository(products)
  const order = source.getRepository(orders)

  return {
    customers: (take, skip) => customer.find({ order: BY_ID, take, skip }),
    customerById: (id) => customer.findOneBy({ id }),
    customerSearch: (text) => customer.find({ where: { company_name: Like(`%${text}%`) }, order: BY_ID }),
    employees: (take, skip) => employee.find({ order: BY_ID, take, skip }),
    employeeWithRecipient: (id) => employee.findOne({ where: { id }, relations: { recipient: true } }),
    suppliers: (take, skip) => supplier.find({ order: BY_ID, take, skip }),
    supplierById: (id) => supplier.findOneBy({ id }),
    products: (take, skip) => product.find({ order: BY_ID, take, skip }),
    productWithSupplier: (id) => product.findOne({ where: { id }, relations: { supplier: true } }),
    productSearch: (text) => product.find({ where: { name: Like(`%${text}%`) }, order: BY_ID }),
    ordersWithDetails: (limit, offset) => source.query(ORDERS_WITH_DETAILS, [limit, offset]),
    orderWithDetails: async (id) => (await source.query(ORDER_WITH_DETAILS, [id]))[0],
    orderFull: (id) =>
      order.findOne({ where: { id }, relations: { details: { product: true } }, order: { details: BY_ID } }),
    close: () => source.destroy(),
  }
}
