/**
 * Writes units until it is killed, saying `client n` for each that was acknowledged; now and then it closes and reopens.
 * It begins when it is sent a line, so that it can be started beforehand.
 */
import { readSync } from 'node:fs'
import { NOORMME } from '../../../src/index.ts'
import { manyClients, prepareTables, runClients } from '../support/clients.ts'

const { path, first, share, early } = JSON.parse(process.argv[2] ?? '') as {
  readonly path: string
  readonly first: number
  readonly share: number
  readonly early: boolean
}

readSync(0, Buffer.alloc(1))
const acknowledge = (client: number, n: number): void => void process.stdout.write(`${client} ${n}\n`)

for (let done = 0; ; done += share) {
  const db = new NOORMME(path)
  await db.initialize()
  await prepareTables(db)
  await runClients(db, done, { first, ways: manyClients(64), share, payloadBytes: 200, acknowledge, early })
  await db.close()
}
