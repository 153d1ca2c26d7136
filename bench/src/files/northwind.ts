/**
 * A trading company with the tables and columns of Northwind as Drizzle's own benchmark has them, the same rows in every run:
 * at scale 1 about as many as in the original. Order lines have a key of their own, and dates are texts, so that no
 * contestant has to convert anything.
 */
import type { Database } from 'better-sqlite3'
import { scramble } from './items.ts'

export const COUNTS = { customers: 91, employees: 9, suppliers: 29, products: 77, orders: 830 } as const
export type Counted = keyof typeof COUNTS
const DETAILS_PER_ORDER = 6

const TABLES = `
  CREATE TABLE customers (
    id INTEGER PRIMARY KEY, company_name TEXT NOT NULL, contact_name TEXT NOT NULL, contact_title TEXT NOT NULL,
    address TEXT NOT NULL, city TEXT NOT NULL, postal_code TEXT, region TEXT, country TEXT NOT NULL, phone TEXT NOT NULL,
    fax TEXT
  );
  CREATE TABLE employees (
    id INTEGER PRIMARY KEY, last_name TEXT NOT NULL, first_name TEXT, title TEXT NOT NULL, title_of_courtesy TEXT NOT NULL,
    birth_date TEXT NOT NULL, hire_date TEXT NOT NULL, address TEXT NOT NULL, city TEXT NOT NULL, postal_code TEXT NOT NULL,
    country TEXT NOT NULL, home_phone TEXT NOT NULL, extension INTEGER NOT NULL, notes TEXT NOT NULL,
    recipient_id INTEGER REFERENCES employees
  );
  CREATE TABLE suppliers (
    id INTEGER PRIMARY KEY, company_name TEXT NOT NULL, contact_name TEXT NOT NULL, contact_title TEXT NOT NULL,
    address TEXT NOT NULL, city TEXT NOT NULL, region TEXT, postal_code TEXT NOT NULL, country TEXT NOT NULL,
    phone TEXT NOT NULL
  );
  CREATE TABLE products (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, qt_per_unit TEXT NOT NULL, unit_price REAL NOT NULL,
    units_in_stock INTEGER NOT NULL, units_on_order INTEGER NOT NULL, reorder_level INTEGER NOT NULL,
    discontinued INTEGER NOT NULL, supplier_id INTEGER NOT NULL REFERENCES suppliers
  );
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY, order_date TEXT NOT NULL, required_date TEXT NOT NULL, shipped_date TEXT,
    ship_via INTEGER NOT NULL, freight REAL NOT NULL, ship_name TEXT NOT NULL, ship_city TEXT NOT NULL, ship_region TEXT,
    ship_postal_code TEXT, ship_country TEXT NOT NULL, customer_id INTEGER NOT NULL REFERENCES customers,
    employee_id INTEGER NOT NULL REFERENCES employees
  );
  CREATE TABLE details (
    id INTEGER PRIMARY KEY, unit_price REAL NOT NULL, quantity INTEGER NOT NULL, discount REAL NOT NULL,
    order_id INTEGER NOT NULL REFERENCES orders, product_id INTEGER NOT NULL REFERENCES products
  );
  CREATE INDEX employees_recipient ON employees (recipient_id);
  CREATE INDEX products_supplier ON products (supplier_id);
  CREATE INDEX orders_customer ON orders (customer_id);
  CREATE INDEX orders_employee ON orders (employee_id);
  CREATE INDEX details_order ON details (order_id);
  CREATE INDEX details_product ON details (product_id);
`

type Value = string | number | null

export function fillNorthwind(database: Database, scale: number): void {
  database.exec(TABLES)
  const insert = (table: string, count: number, row: (id: number) => readonly Value[]): void => {
    const width = row(1).length + 1
    const statement = database.prepare(`INSERT INTO ${table} VALUES (${Array(width).fill('?').join(', ')})`)
    for (let id = 1; id <= count; id++) statement.run(id, ...row(id))
  }
  const of = (table: Counted): number => COUNTS[table] * scale

  database.transaction(() => {
    insert('customers', of('customers'), customer)
    insert('employees', of('employees'), (id) => employee(id))
    insert('suppliers', of('suppliers'), supplier)
    insert('products', of('products'), (id) => product(id, of('suppliers')))
    insert('orders', of('orders'), (id) => order(id, of('customers'), of('employees')))
    insert('details', of('orders') * DETAILS_PER_ORDER, (id) => detail(id, of('orders'), of('products')))
  })()
  database.exec('ANALYZE')
}

function customer(id: number): readonly Value[] {
  return [
    company(id, 1),
    person(id, 2),
    TITLES[id % 5] ?? '',
    address(id),
    city(id),
    postalCode(id),
    null,
    country(id),
    phone(id),
    phone(id + 7),
  ]
}

function employee(id: number): readonly Value[] {
  const recipient = id === 1 ? null : Math.floor((id + 1) / 3)
  const name = word(id, 3)
  return [
    name,
    word(id, 4),
    TITLES[id % 5] ?? '',
    'Dr.',
    day(id),
    day(id * 3),
    address(id),
    city(id),
    postalCode(id),
    country(id),
    phone(id),
    id % 9000,
    `${name} speaks ${country(id)} and has sold goods for many years.`,
    recipient,
  ]
}

function supplier(id: number): readonly Value[] {
  return [
    company(id, 5),
    person(id, 6),
    TITLES[id % 5] ?? '',
    address(id),
    city(id),
    null,
    postalCode(id),
    country(id),
    phone(id),
  ]
}

function product(id: number, suppliers: number): readonly Value[] {
  const name = `${word(id, 7)} ${word(id, 8)}`
  return [
    name,
    `${1 + (id % 40)} boxes x 12`,
    quarter(id % 100),
    id % 120,
    id % 70,
    id % 30,
    id % 10 === 0 ? 1 : 0,
    1 + ((id * 7) % suppliers),
  ]
}

function order(id: number, customers: number, employees: number): readonly Value[] {
  const shipped = id % 25 === 0 ? null : day(id + 9)
  return [
    day(id),
    day(id + 28),
    shipped,
    1 + (id % 3),
    quarter(id % 900),
    company(id, 9),
    city(id),
    null,
    postalCode(id),
    country(id),
    1 + ((id * 13) % customers),
    1 + (id % employees),
  ]
}

function detail(id: number, orders: number, products: number): readonly Value[] {
  return [quarter(id % 100), 1 + (id % 40), (id % 5) / 20 + 0.01, 1 + (id % orders), 1 + ((id * 11) % products)]
}

const SYLLABLES = [
  'ber',
  'gla',
  'ko',
  'mer',
  'ti',
  'sou',
  'han',
  'lor',
  'vey',
  'pra',
  'net',
  'dia',
  'cho',
  'rin',
  'as',
  'que',
  'mo',
  'les',
  'tur',
  'ka',
  'fen',
  'ri',
  'os',
  'wel',
  'nu',
  'il',
  'bru',
  'pic',
  'sta',
  'ren',
  'au',
  'hi',
]
const TITLES = ['Owner', 'Sales Agent', 'Order Administrator', 'Marketing Manager', 'Accountant']
const COUNTRIES = ['Germany', 'Mexico', 'Sweden', 'France', 'Canada', 'Brazil', 'Italy', 'Norway', 'Japan', 'Denmark']

/** A word of two or three syllables that looks chosen by chance, the same for the same numbers. */
function word(id: number, salt: number): string {
  const draw = scramble(id * 16 + salt)
  const parts = [draw, draw >>> 5, ...(draw % 3 === 0 ? [draw >>> 10] : [])].map(
    (part) => SYLLABLES[part % SYLLABLES.length],
  )
  const text = parts.join('')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

const company = (id: number, salt: number): string => `${word(id, salt)} ${id % 2 === 0 ? 'Trading' : 'Foods'}`
const person = (id: number, salt: number): string => `${word(id, salt)} ${word(id + 1, salt)}`
const address = (id: number): string => `${1 + (id % 200)} ${word(id, 10)} Street`
const city = (id: number): string => word(id % 40, 11)
const country = (id: number): string => COUNTRIES[id % COUNTRIES.length] ?? ''
const postalCode = (id: number): string => String(10_000 + ((id * 37) % 80_000))
const phone = (id: number): string => `(${100 + (id % 800)}) 555-${1000 + (id % 9000)}`
/** Sums of these are exact in whatever order they are added. */
const quarter = (id: number): number => id / 4 + 0.25
const day = (id: number): string => new Date(Date.UTC(2024, 0, 1 + (id % 700))).toISOString().slice(0, 10)
