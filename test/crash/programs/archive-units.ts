/**
 * Writes units while they are archived, with a log that starts again often, closing and opening again now and then, until it is
 * killed or has done its lives. Says `client n` for each unit that was acknowledged.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { NOORMME } from '../../../src/index.ts'
import { manyClients, prepareTables, runClients } from '../support/clients.ts'

const { path, directory, first, share, lives, acks } = JSON.parse(process.argv[2] ?? '') as {
  readonly path: string
  readonly directory: string
  readonly first: number
  readonly share: number
  /** `null`: until it is killed. */
  readonly lives: number | null
  /** Where it says what was acknowledged; `null`: standard output. */
  readonly acks: string | null
}

const told = acks === null ? 1 : openSync(acks, 'a')
const acknowledge = (client: number, n: number): void => void writeSync(told, `${client} ${n}\n`)

for (let life = 0; lives === null || life < lives; life++) {
  const db = new NOORMME({
    connection: { database: path },
    optimization: { walLimit: 4 * 2 ** 20 },
    backup: { target: directory, schedule: false },
  })
  await db.initialize()
  await prepareTables(db)
  if ((await db.backups.status()).archive?.archiving === false) await db.backups.create()
  const common = { payloadBytes: 400, acknowledge, early: false, first }
  await runClients(db, life * share, { ...common, ways: manyClients(lives === null ? 64 : 8), share })
  await db.close()
}
if (acks !== null) closeSync(told)
