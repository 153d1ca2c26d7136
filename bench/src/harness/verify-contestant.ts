/** Runs every operation of a contestant once and takes fingerprints of what came back. */
import { createHash } from 'node:crypto'
import { openContestant } from '../contestants/contestants.ts'
import { makeItem, makeItems } from '../files/items.ts'
import type { Lane } from '../work.ts'
import { plain } from './plain.ts'
import type { Verified } from './task.ts'

const SAMPLE_IDS = [1, 2, 77, 50_000, 100_000, 100_001]

export async function verifyContestant(lane: Lane, path: string): Promise<Verified> {
  const open = await openContestant(lane.contestant)
  const client = await open(path, lane.synchronous)

  const found: unknown[] = []
  for (const id of SAMPLE_IDS) found.push((await client.findById(id)) ?? null)
  const all = await client.findAll()
  const created = [await client.create(makeItem(1)), await client.create(makeItem(2))]
  await client.createMany(makeItems(2500, 10))
  await client.setLikes(77, 4321)
  await client.increment()
  await client.increment()
  const counter = await client.readOne('SELECT * FROM counters WHERE id = ?', [1])
  const after = await client.findAll()
  const pragmas = await client.pragmas()
  await client.close()

  const results = { findById: found, findAll: all, create: created, increment: counter, 'rows afterwards': after }
  return {
    pragmas,
    results: Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fingerprint(value)])),
  }
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(plain(value)).digest('hex')
}
