import { DataSource, type EntityManager } from 'typeorm'
import { recommended } from '../lib/verdict.ts'
import { Counter } from '../tables/typeorm.ts'
import { run } from './scenario.ts'

const better = recommended('enableWAL: true and BEGIN IMMEDIATE by hand')

async function readThenWrite(manager: EntityManager): Promise<void> {
  const { value } = await manager.findOneByOrFail(Counter, { id: 1 })
  await manager.update(Counter, { id: 1 }, { value: value + 1 })
}

async function byHand({ manager }: DataSource): Promise<void> {
  await manager.query('BEGIN IMMEDIATE')
  try {
    await readThenWrite(manager)
    await manager.query('COMMIT')
  } catch (error) {
    await manager.query('ROLLBACK')
    throw error
  }
}

await run(import.meta.url, async (file) => {
  const source = new DataSource({ type: 'better-sqlite3', database: file, entities: [Counter], enableWAL: better })
  await source.initialize()
  return {
    increment: () => (better ? byHand(source) : source.transaction(readThenWrite)),
    close: () => source.destroy(),
  }
})
