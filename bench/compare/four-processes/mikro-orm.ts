import { type EntityManager, MikroORM } from '@mikro-orm/sqlite'
import { recommended } from '../lib/verdict.ts'
import { Counter } from '../tables/mikro-orm.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL and BEGIN IMMEDIATE by hand')

async function readThenWrite(em: EntityManager): Promise<void> {
  const counter = await em.findOneOrFail(Counter, 1)
  await em.nativeUpdate(Counter, { id: 1 }, { value: counter.value + 1 })
}

async function byHand(em: EntityManager): Promise<void> {
  await em.execute('BEGIN IMMEDIATE')
  try {
    await readThenWrite(em)
    await em.execute('COMMIT')
  } catch (error) {
    await em.execute('ROLLBACK')
    throw error
  }
}

await run(import.meta.url, async (file) => {
  const orm = await MikroORM.init({ dbName: file, entities: [Counter] })
  if (better) await orm.em.fork().execute('PRAGMA journal_mode = WAL')
  return {
    increment: () => (better ? byHand(orm.em.fork()) : orm.em.fork().transactional(readThenWrite)),
    close: () => orm.close(),
  }
})
