/** The shop of those who write SQL: one statement a question, and rows of a join made into objects by hand. */
import type { Awaitable } from '../contestants/types.ts'
import { CUSTOMER, DETAIL, EMPLOYEE, ORDER, PRODUCT, SUPPLIER } from './columns.ts'
import type { Shop } from './types.ts'

export type Row = Readonly<Record<string, unknown>>

/** A statement that is asked again and again. */
export interface Query {
  all(...parameters: readonly (string | number)[]): Awaitable<readonly Row[]>
  get(...parameters: readonly (string | number)[]): Awaitable<Row | undefined>
}

/** Columns of a joined table under names of their own: `supplier.city AS supplier__city`. */
const joined = (alias: string, columns: readonly string[]): string =>
  columns.map((column) => `${alias}.${column} AS ${alias}__${column}`).join(', ')
const page = (table: string, columns: readonly string[]): string =>
  `SELECT ${columns.join(', ')} FROM ${table} ORDER BY id LIMIT ? OFFSET ?`
const byId = (table: string, columns: readonly string[]): string =>
  `SELECT ${columns.join(', ')} FROM ${table} WHERE id = ?`
const search = (table: string, columns: readonly string[], column: string): string =>
  `SELECT ${columns.join(', ')} FROM ${table} WHERE ${column} LIKE ? ORDER BY id`

const TOTALS = `SELECT o.id, o.shipped_date, o.ship_name, o.ship_city, o.ship_country, count(d.product_id) AS products_count,
  sum(d.quantity) AS quantity_sum, sum(d.quantity * d.unit_price) AS total_price
  FROM orders AS o LEFT JOIN details AS d ON d.order_id = o.id`
export const ORDERS_WITH_DETAILS = `${TOTALS} GROUP BY o.id ORDER BY o.id LIMIT ? OFFSET ?`
export const ORDER_WITH_DETAILS = `${TOTALS} WHERE o.id = ? GROUP BY o.id`
const EMPLOYEE_WITH_RECIPIENT = `SELECT ${joined('employee', EMPLOYEE)}, ${joined('recipient', EMPLOYEE)}
  FROM employees AS employee LEFT JOIN employees AS recipient ON recipient.id = employee.recipient_id WHERE employee.id = ?`
const PRODUCT_WITH_SUPPLIER = `SELECT ${joined('product', PRODUCT)}, ${joined('supplier', SUPPLIER)}
  FROM products AS product JOIN suppliers AS supplier ON supplier.id = product.supplier_id WHERE product.id = ?`
const ORDER_FULL = `SELECT ${joined('orders', ORDER)}, ${joined('detail', DETAIL)}, ${joined('product', PRODUCT)}
  FROM orders LEFT JOIN details AS detail ON detail.order_id = orders.id LEFT JOIN products AS product ON product.id = detail.product_id
  WHERE orders.id = ? ORDER BY detail.id`

const employee = part('employee', EMPLOYEE)
const recipient = part('recipient', EMPLOYEE)
const product = part('product', PRODUCT)
const supplier = part('supplier', SUPPLIER)
const order = part('orders', ORDER)
const detail = part('detail', DETAIL)

export function sqlShop(prepare: (sql: string) => Query, close: () => Awaitable<void>): Shop {
  const customers = prepare(page('customers', CUSTOMER))
  const customerById = prepare(byId('customers', CUSTOMER))
  const customerSearch = prepare(search('customers', CUSTOMER, 'company_name'))
  const employees = prepare(page('employees', EMPLOYEE))
  const employeeWithRecipient = prepare(EMPLOYEE_WITH_RECIPIENT)
  const suppliers = prepare(page('suppliers', SUPPLIER))
  const supplierById = prepare(byId('suppliers', SUPPLIER))
  const products = prepare(page('products', PRODUCT))
  const productWithSupplier = prepare(PRODUCT_WITH_SUPPLIER)
  const productSearch = prepare(search('products', PRODUCT, 'name'))
  const ordersWithDetails = prepare(ORDERS_WITH_DETAILS)
  const orderWithDetails = prepare(ORDER_WITH_DETAILS)
  const orderFull = prepare(ORDER_FULL)

  return {
    customers: (limit, offset) => customers.all(limit, offset),
    customerById: (id) => customerById.get(id),
    customerSearch: (text) => customerSearch.all(`%${text}%`),
    employees: (limit, offset) => employees.all(limit, offset),
    employeeWithRecipient: (id) =>
      then(employeeWithRecipient.get(id), (row) => row && { ...employee(row), recipient: recipient(row) }),
    suppliers: (limit, offset) => suppliers.all(limit, offset),
    supplierById: (id) => supplierById.get(id),
    products: (limit, offset) => products.all(limit, offset),
    productWithSupplier: (id) =>
      then(productWithSupplier.get(id), (row) => row && { ...product(row), supplier: supplier(row) }),
    productSearch: (text) => productSearch.all(`%${text}%`),
    ordersWithDetails: (limit, offset) => ordersWithDetails.all(limit, offset),
    orderWithDetails: (id) => orderWithDetails.get(id),
    orderFull: (id) => then(orderFull.all(id), (rows) => orderOf(rows)),
    close,
  }
}

export function orderOf(rows: readonly Row[]): object | undefined {
  const [first] = rows
  if (first === undefined) return undefined
  const lines = rows.filter(({ detail__id }) => detail__id !== null)
  return { ...order(first), details: lines.map((row) => ({ ...detail(row), product: product(row) })) }
}

/** Takes one table's columns out of a joined row; `null` when an outer join has found none. */
function part(alias: string, columns: readonly string[]): (row: Row) => Record<string, unknown> | null {
  const names = columns.map((column) => [column, `${alias}__${column}`] as const)
  return (row) => {
    if (row[`${alias}__id`] === null) return null
    const taken: Record<string, unknown> = {}
    for (const [column, name] of names) taken[column] = row[name]
    return taken
  }
}

/** A driver that answers at once is not made to wait for a promise of its own. */
function then<T, R>(value: Awaitable<T>, use: (value: T) => R): Awaitable<R> {
  return value instanceof Promise ? value.then(use) : use(value)
}
