/** A life of a database, opened, filled far beyond its first checkpoints, closed and opened again, for the recorder. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { NOORMME } from '../../../src/index.ts'
import { manyClients, prepareTables, runClients } from '../support/clients.ts'

const { folder, synchronous, enableWALMode } = JSON.parse(process.argv[2] ?? '') as {
  readonly folder: string
  readonly synchronous: 'EXTRA' | 'FULL' | 'NORMAL' | 'OFF'
  readonly enableWALMode: boolean
}

const acks = openSync(`${folder}/told.acks`, 'a')
const acknowledge = (client: number, n: number): void => void writeSync(acks, `${client} ${n}\n`)

for (const [life, share] of [4, 3].entries()) {
  const db = new NOORMME({ connection: { database: `${folder}/cut.db` }, optimization: { synchronous, enableWALMode } })
  await db.initialize()
  await prepareTables(db)
  // By turns: many in one commit, and commits of one write each.
  const common = { payloadBytes: 800, acknowledge, early: false }
  await runClients(db, 0, { ...common, first: life * 100, ways: manyClients(24), share })
  await runClients(db, 0, { ...common, first: life * 100 + 50, ways: ['create'], share: 20 })
  await runClients(db, 0, { ...common, first: life * 100 + 60, ways: ['transaction'], share: 10 })
  await db.close()
}
closeSync(acks)
