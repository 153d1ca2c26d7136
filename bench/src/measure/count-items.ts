/** Compares what was acknowledged with what is there: a number made with lost rows is no result. */
import type { Client } from '../contestants/types.ts'

export async function countItems(client: Client): Promise<number> {
  const row = await client.readOne('SELECT count(*) AS count FROM items', [])
  return Number((row as { readonly count: number }).count)
}

export async function expectItems(client: Client, expected: number): Promise<void> {
  const found = await countItems(client)
  if (found !== expected) throw new Error(`${expected} rows were acknowledged, ${found} are there`)
}
