/** The tables as TypeORM has them. */
import { EntitySchema } from 'typeorm'

export const Item = new EntitySchema<{ id: number; name: string }>({
  name: 'items',
  columns: { id: { type: 'integer', primary: true, generated: 'increment' }, name: { type: 'text', unique: true } },
})

export const Counter = new EntitySchema<{ id: number; value: number }>({
  name: 'counters',
  columns: { id: { type: 'integer', primary: true }, value: { type: 'integer' } },
})

export const Page = new EntitySchema<{ id: number; body: string }>({
  name: 'pages',
  columns: { id: { type: 'integer', primary: true }, body: { type: 'text' } },
})

export const Thing = new EntitySchema<{
  id: number
  big?: string | null
  bytes?: Buffer | null
  flag?: boolean | null
  ratio?: number | null
}>({
  name: 'things',
  columns: {
    id: { type: 'integer', primary: true },
    big: { type: 'bigint', nullable: true },
    bytes: { type: 'blob', nullable: true },
    flag: { type: 'boolean', nullable: true },
    ratio: { type: 'real', nullable: true },
  },
})
