/** The tables of the benchmark, as Drizzle wants them described. */
import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const items = sqliteTable('items', {
  id: integer('id').primaryKey(),
  artist_id: integer('artist_id').notNull(),
  title: text('title').notNull(),
  price: real('price').notNull(),
  likes: integer('likes').notNull(),
  status: text('status').notNull(),
  created_at: text('created_at').notNull(),
})

export const counters = sqliteTable('counters', {
  id: integer('id').primaryKey(),
  value: integer('value').notNull(),
})
