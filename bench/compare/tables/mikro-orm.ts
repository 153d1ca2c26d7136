/** The tables as MikroORM has them. */
import { defineEntity, p } from '@mikro-orm/core'

export const Item = defineEntity({
  name: 'Item',
  tableName: 'items',
  properties: { id: p.integer().primary().autoincrement(), name: p.text().unique() },
})

export const Counter = defineEntity({
  name: 'Counter',
  tableName: 'counters',
  properties: { id: p.integer().primary(), value: p.integer() },
})

export const Page = defineEntity({
  name: 'Page',
  tableName: 'pages',
  properties: { id: p.integer().primary(), body: p.text() },
})

export const Thing = defineEntity({
  name: 'Thing',
  tableName: 'things',
  properties: {
    id: p.integer().primary().autoincrement(false),
    big: p.bigint().nullable(),
    bytes: p.blob().nullable(),
    flag: p.boolean().nullable(),
    ratio: p.double().nullable(),
  },
})
