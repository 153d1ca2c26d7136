/** The questions that pages of a shop ask; every contestant answers with the same rows. */
import type { Awaitable } from '../contestants/types.ts'

type Rows = Awaitable<readonly object[]>

export interface Shop {
  /** A page of customers in the order of their keys. */
  customers(limit: number, offset: number): Rows
  customerById(id: number): Awaitable<object | null | undefined>
  /** Customers whose company contains the text, whatever the case. */
  customerSearch(text: string): Rows
  ordersOfCustomer(customerId: number): Rows
  /** With the name of whom they report to. */
  employeeWithManager(id: number): Rows
  productWithSupplier(id: number): Rows
  /** The lines of one order with their products. */
  orderWithDetails(id: number): Rows
  /** A page of orders with the number of their lines and their sum. */
  orderTotals(limit: number, offset: number): Rows
  close(): Awaitable<void>
}

export type OpenShop = (path: string) => Awaitable<Shop>
export type Question = Exclude<keyof Shop, 'close'>
