/** The tables of the shop, as Drizzle wants them described. */
import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const customers = sqliteTable('customers', {
  id: integer('id').primaryKey(),
  company_name: text('company_name').notNull(),
  contact_name: text('contact_name').notNull(),
  contact_title: text('contact_title').notNull(),
  address: text('address').notNull(),
  city: text('city').notNull(),
  postal_code: text('postal_code'),
  region: text('region'),
  country: text('country').notNull(),
  phone: text('phone').notNull(),
  fax: text('fax'),
})

export const employees = sqliteTable('employees', {
  id: integer('id').primaryKey(),
  last_name: text('last_name').notNull(),
  first_name: text('first_name'),
  title: text('title').notNull(),
  title_of_courtesy: text('title_of_courtesy').notNull(),
  birth_date: text('birth_date').notNull(),
  hire_date: text('hire_date').notNull(),
  address: text('address').notNull(),
  city: text('city').notNull(),
  postal_code: text('postal_code').notNull(),
  country: text('country').notNull(),
  home_phone: text('home_phone').notNull(),
  extension: integer('extension').notNull(),
  notes: text('notes').notNull(),
  recipient_id: integer('recipient_id'),
})

export const suppliers = sqliteTable('suppliers', {
  id: integer('id').primaryKey(),
  company_name: text('company_name').notNull(),
  contact_name: text('contact_name').notNull(),
  contact_title: text('contact_title').notNull(),
  address: text('address').notNull(),
  city: text('city').notNull(),
  region: text('region'),
  postal_code: text('postal_code').notNull(),
  country: text('country').notNull(),
  phone: text('phone').notNull(),
})

export const products = sqliteTable('products', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  qt_per_unit: text('qt_per_unit').notNull(),
  unit_price: real('unit_price').notNull(),
  units_in_stock: integer('units_in_stock').notNull(),
  units_on_order: integer('units_on_order').notNull(),
  reorder_level: integer('reorder_level').notNull(),
  discontinued: integer('discontinued').notNull(),
  supplier_id: integer('supplier_id').notNull(),
})

export const orders = sqliteTable('orders', {
  id: integer('id').primaryKey(),
  order_date: text('order_date').notNull(),
  required_date: text('required_date').notNull(),
  shipped_date: text('shipped_date'),
  ship_via: integer('ship_via').notNull(),
  freight: real('freight').notNull(),
  ship_name: text('ship_name').notNull(),
  ship_city: text('ship_city').notNull(),
  ship_region: text('ship_region'),
  ship_postal_code: text('ship_postal_code'),
  ship_country: text('ship_country').notNull(),
  customer_id: integer('customer_id').notNull(),
  employee_id: integer('employee_id').notNull(),
})

export const details = sqliteTable('details', {
  id: integer('id').primaryKey(),
  unit_price: real('unit_price').notNull(),
  quantity: integer('quantity').notNull(),
  discount: real('discount').notNull(),
  order_id: integer('order_id').notNull(),
  product_id: integer('product_id').notNull(),
})
