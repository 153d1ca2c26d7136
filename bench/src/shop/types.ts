/** The thirteen questions of Drizzle's benchmark; every contestant answers with the same objects. */
import type { Awaitable, Synchronous } from '../contestants/types.ts'

type Rows = Awaitable<readonly object[]>
type Row = Awaitable<object | null | undefined>

export interface Shop {
  /** A page of customers in the order of their keys; the same of other tables below. */
  customers(limit: number, offset: number): Rows
  customerById(id: number): Row
  /** Customers whose company contains the text, whatever the case, in the order of their keys. */
  customerSearch(text: string): Rows
  employees(limit: number, offset: number): Rows
  /** With the employee that they report to as `recipient`. */
  employeeWithRecipient(id: number): Row
  suppliers(limit: number, offset: number): Rows
  supplierById(id: number): Row
  products(limit: number, offset: number): Rows
  /** With its `supplier`. */
  productWithSupplier(id: number): Row
  productSearch(text: string): Rows
  /** A page of orders with the number of their lines, of their pieces, and their sum. */
  ordersWithDetails(limit: number, offset: number): Rows
  /** The same of one order. */
  orderWithDetails(id: number): Row
  /** An order with its `details`, in the order of their keys, each with its `product`. */
  orderFull(id: number): Row
  close(): Awaitable<void>
}

export type OpenShop = (path: string, synchronous: Synchronous) => Awaitable<Shop>
export type Question = Exclude<keyof Shop, 'close'>

/** A row of the two questions about totals. */
export interface OrderTotals {
  readonly id: number
  readonly shipped_date: string | null
  readonly ship_name: string
  readonly ship_city: string
  readonly ship_country: string
  readonly products_count: number
  readonly quantity_sum: number
  readonly total_price: number
}
