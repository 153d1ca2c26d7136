/** The tables as Drizzle has them. */
import { blob, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const items = sqliteTable('items', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique(),
})

export const counters = sqliteTable('counters', {
  id: integer().primaryKey(),
  value: integer().notNull(),
})

export const pages = sqliteTable('pages', {
  id: integer().primaryKey(),
  body: text().notNull(),
})

export const things = sqliteTable('things', {
  id: integer().primaryKey(),
  big: integer(),
  bytes: blob({ mode: 'buffer' }),
  flag: integer({ mode: 'boolean' }),
  ratio: real(),
})
