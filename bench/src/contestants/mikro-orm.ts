/** MikroORM over better-sqlite3: each call in an entity manager of its own, as each request of a server has. */
import { defineEntity, type EntitySchema, MikroORM, p } from '@mikro-orm/sqlite'
import { applySettings, onlyValue, readPragmas } from './driver.ts'
import type { Client, Synchronous } from './types.ts'

const Items = defineEntity({
  name: 'Items',
  tableName: 'items',
  properties: {
    id: p.integer().primary(),
    artist_id: p.integer(),
    title: p.text(),
    price: p.float(),
    likes: p.integer(),
    status: p.text(),
    created_at: p.text(),
  },
})
const Counters = defineEntity({
  name: 'Counters',
  tableName: 'counters',
  properties: { id: p.integer().primary(), value: p.integer() },
})

export async function openMikro(path: string, synchronous: Synchronous, entities: readonly EntitySchema[]) {
  const orm = await MikroORM.init({ entities: [...entities], dbName: path })
  applySettings(await orm.em.getConnection().getNativeClient(), synchronous)
  return orm
}

export async function openMikroOrm(path: string, synchronous: Synchronous): Promise<Client> {
  const orm = await openMikro(path, synchronous, [Items, Counters])
  const readOne = (sql: string, parameters: readonly number[]) =>
    orm.em.getConnection().execute(sql, [...parameters], 'get')

  return {
    findById: (id) => orm.em.fork().findOne(Items, { id }),
    findAll: () => orm.em.fork().findAll(Items),
    create: async (item) => {
      const em = orm.em.fork()
      const entity = em.create(Items, item)
      await em.flush()
      return entity
    },
    createMany: (rows) => orm.em.fork().transactional((em) => em.insertMany(Items, [...rows])),
    setLikes: (id, likes) => orm.em.fork().nativeUpdate(Items, { id }, { likes }),
    readOne,
    increment: () =>
      orm.em.fork().transactional(async (em) => {
        const counter = await em.findOneOrFail(Counters, { id: 1 })
        counter.value++
      }),
    pragmas: () => readPragmas(async (name) => onlyValue(await readOne(`PRAGMA ${name}`, []))),
    close: () => orm.close(true),
  }
}
