/**
 * Every question with arguments that change from call to call, and the mix in which Drizzle's benchmark asks them: the
 * weights are its numbers of requests, in thousands.
 */

import { scramble } from '../files/items.ts'
import { COUNTS, type Counted } from '../files/northwind.ts'
import type { Question, Shop } from './types.ts'

type Ask = (shop: Shop, index: number) => unknown

interface Asked {
  readonly ask: Ask
  readonly weight: number
}

const PAGE = 50
const EMPLOYEE_PAGE = 20
/** The two letters after which customers and products are searched: those that Drizzle's benchmark has for customers. */
const SEARCHES =
  've ey or bb te ab ca ki ap be ct hi er pr pi en au ra ti ke ou ur me ea op at ne na os ri on ha il to as io di zy az la ko st gh ug ac cc ch hu re an'.split(
    ' ',
  )

export function questionsAt(scale: number): Readonly<Record<Question, Asked>> {
  const id = (table: Counted, index: number): number => 1 + ((index * 31) % (COUNTS[table] * scale))
  const offset = (table: Counted, index: number, limit: number): number =>
    limit * (index % Math.max(1, Math.floor((COUNTS[table] * scale) / limit)))
  const search = (index: number): string => SEARCHES[index % SEARCHES.length] ?? ''

  return {
    customers: { weight: 2, ask: (shop, index) => shop.customers(PAGE, offset('customers', index, PAGE)) },
    customerById: { weight: 20, ask: (shop, index) => shop.customerById(id('customers', index)) },
    customerSearch: { weight: 5, ask: (shop, index) => shop.customerSearch(search(index)) },
    employees: {
      weight: 1,
      ask: (shop, index) => shop.employees(EMPLOYEE_PAGE, offset('employees', index, EMPLOYEE_PAGE)),
    },
    employeeWithRecipient: { weight: 5, ask: (shop, index) => shop.employeeWithRecipient(id('employees', index)) },
    suppliers: { weight: 1, ask: (shop, index) => shop.suppliers(PAGE, offset('suppliers', index, PAGE)) },
    supplierById: { weight: 30, ask: (shop, index) => shop.supplierById(id('suppliers', index)) },
    products: { weight: 3, ask: (shop, index) => shop.products(PAGE, offset('products', index, PAGE)) },
    productWithSupplier: { weight: 100, ask: (shop, index) => shop.productWithSupplier(id('products', index)) },
    productSearch: { weight: 50, ask: (shop, index) => shop.productSearch(search(index)) },
    ordersWithDetails: {
      weight: 10,
      ask: (shop, index) => shop.ordersWithDetails(PAGE, offset('orders', index, PAGE)),
    },
    orderWithDetails: { weight: 100, ask: (shop, index) => shop.orderWithDetails(id('orders', index)) },
    orderFull: { weight: 100, ask: (shop, index) => shop.orderFull(id('orders', index)) },
  }
}

export const QUESTIONS = Object.keys(questionsAt(1)) as readonly Question[]

/** One question after another in an order that looks like chance and is the same in every run. */
export function mixOf(questions: Readonly<Record<Question, Asked>>): readonly Question[] {
  const requests = QUESTIONS.flatMap((name) => Array<Question>(questions[name].weight).fill(name))
  return requests
    .map((question, index) => ({ question, place: scramble(index) }))
    .sort((one, other) => one.place - other.place)
    .map(({ question }) => question)
}
