/** A trading company like Northwind, the same in every run: at scale 1 its rows are about as many as in the original. */
import type { Database } from 'better-sqlite3'

export const CUSTOMERS = 91
export const PRODUCTS = 77
export const ORDERS = 830
const SUPPLIERS = 29
const EMPLOYEES = 9
const DETAILS_PER_ORDER = 6

const TABLES = `
  CREATE TABLE customers (id INTEGER PRIMARY KEY, company TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL);
  CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT NOT NULL, reports_to INTEGER REFERENCES employees);
  CREATE TABLE suppliers (id INTEGER PRIMARY KEY, company TEXT NOT NULL, country TEXT NOT NULL);
  CREATE TABLE products (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL,
    supplier_id INTEGER NOT NULL REFERENCES suppliers
  );
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
    employee_id INTEGER NOT NULL REFERENCES employees, ordered TEXT NOT NULL, freight REAL NOT NULL
  );
  CREATE TABLE details (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders,
    product_id INTEGER NOT NULL REFERENCES products, price REAL NOT NULL, quantity INTEGER NOT NULL
  );
  CREATE INDEX products_supplier ON products (supplier_id);
  CREATE INDEX orders_customer ON orders (customer_id);
  CREATE INDEX details_order ON details (order_id);
`

const fillSql = (scale: number): string => `
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${CUSTOMERS * scale})
    INSERT INTO customers SELECT i, 'Customer ' || (i * 37 % 100) || ' & Sons', 'City ' || i % 20, 'Country ' || i % 7 FROM n;
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${EMPLOYEES})
    INSERT INTO employees SELECT i, 'Employee ' || i, iif(i = 1, NULL, (i + 1) / 3) FROM n;
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${SUPPLIERS * scale})
    INSERT INTO suppliers SELECT i, 'Supplier ' || i, 'Country ' || i % 7 FROM n;
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${PRODUCTS * scale})
    INSERT INTO products SELECT i, 'Product ' || (i * 31 % 100), i % 50 + 0.25, 1 + i * 7 % ${SUPPLIERS * scale} FROM n;
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${ORDERS * scale})
    INSERT INTO orders SELECT i, 1 + i * 13 % ${CUSTOMERS * scale}, 1 + i % ${EMPLOYEES},
      date('2025-01-01', (i % 1000 / 3) || ' days'), i % 90 + 0.5 FROM n;
  WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${ORDERS * scale * DETAILS_PER_ORDER})
    INSERT INTO details SELECT i, 1 + i % ${ORDERS * scale}, 1 + i * 11 % ${PRODUCTS * scale}, i % 50 + 0.25, 1 + i % 40 FROM n;
  ANALYZE;
`

export function fillNorthwind(database: Database, scale: number): void {
  database.exec(TABLES)
  database.exec(fillSql(scale))
}
