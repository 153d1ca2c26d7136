/** MikroORM's entities with their relations, an entity manager a question; totals are SQL. */
import { defineEntity, p } from '@mikro-orm/sqlite'
import { openMikro } from '../contestants/mikro-orm.ts'
import { CUSTOMER, DETAIL, EMPLOYEE, isNullable, ORDER, PRODUCT, SUPPLIER, typeOf } from './columns.ts'
import { ORDER_WITH_DETAILS, ORDERS_WITH_DETAILS } from './sql-shop.ts'
import type { OpenShop } from './types.ts'

const TYPES = { integer: p.integer, real: p.float, text: p.text }

/** Without the keys that are relations. */
function properties(names: readonly string[], relations: readonly string[] = []) {
  return Object.fromEntries(
    names
      .filter((name) => !relations.includes(name))
      .map((name) => {
        const property = name === 'id' ? p.integer().primary() : TYPES[typeOf(name)]()
        return [name, isNullable(name) ? property.nullable() : property]
      }),
  )
}

const Customers = defineEntity({ name: 'Customers', tableName: 'customers', properties: properties(CUSTOMER) })
const Suppliers = defineEntity({ name: 'Suppliers', tableName: 'suppliers', properties: properties(SUPPLIER) })
const Employees = defineEntity({
  name: 'Employees',
  tableName: 'employees',
  properties: {
    ...properties(EMPLOYEE, ['recipient_id']),
    id: p.integer().primary(),
    recipient: () => p.manyToOne(Employees).joinColumn('recipient_id').nullable(),
  },
})
const Products = defineEntity({
  name: 'Products',
  tableName: 'products',
  properties: {
    ...properties(PRODUCT, ['supplier_id']),
    id: p.integer().primary(),
    name: p.text(),
    supplier: () => p.manyToOne(Suppliers).joinColumn('supplier_id'),
  },
})
const Orders = defineEntity({
  name: 'Orders',
  tableName: 'orders',
  properties: {
    ...properties(ORDER),
    id: p.integer().primary(),
    details: () => p.oneToMany(Details).mappedBy('order'),
  },
})
const Details = defineEntity({
  name: 'Details',
  tableName: 'details',
  properties: {
    ...properties(DETAIL, ['order_id', 'product_id']),
    id: p.integer().primary(),
    order: () => p.manyToOne(Orders).joinColumn('order_id'),
    product: () => p.manyToOne(Products).joinColumn('product_id'),
  },
})
const BY_ID = { id: 'asc' } as const

export const openMikroOrmShop: OpenShop = async (path, synchronous) => {
  const orm = await openMikro(path, synchronous, [Customers, Employees, Suppliers, Products, Orders, Details])
  const em = () => orm.em.fork()

  return {
    customers: (limit, offset) => em().findAll(Customers, { orderBy: BY_ID, limit, offset }),
    customerById: (id) => em().findOne(Customers, { id }),
    customerSearch: (text) => em().find(Customers, { company_name: { $like: `%${text}%` } }, { orderBy: BY_ID }),
    employees: (limit, offset) => em().findAll(Employees, { orderBy: BY_ID, limit, offset }),
    employeeWithRecipient: (id) => em().findOne(Employees, { id }, { populate: ['recipient'] }),
    suppliers: (limit, offset) => em().findAll(Suppliers, { orderBy: BY_ID, limit, offset }),
    supplierById: (id) => em().findOne(Suppliers, { id }),
    products: (limit, offset) => em().findAll(Products, { orderBy: BY_ID, limit, offset }),
    productWithSupplier: (id) => em().findOne(Products, { id }, { populate: ['supplier'] }),
    productSearch: (text) => em().find(Products, { name: { $like: `%${text}%` } }, { orderBy: BY_ID }),
    ordersWithDetails: (limit, offset) => em().execute(ORDERS_WITH_DETAILS, [limit, offset]),
    orderWithDetails: (id) => em().execute(ORDER_WITH_DETAILS, [id], 'get'),
    orderFull: (id) => em().findOne(Orders, { id }, { populate: ['details.product'], orderBy: { details: BY_ID } }),
    close: () => orm.close(true),
  }
}
