/**
 * Clients that append to lists by reading and writing back, and that read lists, until the program is killed. Says a line
 * of JSON for each transaction, snapshot and read that has ended.
 */
import { readSync } from 'node:fs'
import { NOORMME } from '../../../src/index.ts'
import { type AppendFault, LIST_SCHEMA, valuesOf } from '../support/append.ts'
import { type Chance, chanceFrom } from '../support/chance.ts'
import { type Append, type ListRead, listRead, type Recorded } from '../support/list-append.ts'

const { path, name, first, lists, seed, fault } = JSON.parse(process.argv[2] ?? '') as {
  readonly path: string
  /** Begins the names of its clients. */
  readonly name: string
  /** The first value. */
  readonly first: number
  readonly lists: readonly number[]
  readonly seed: number
  readonly fault: AppendFault | null
}

class Changed extends Error {}

type Reader = Pick<NOORMME, 'execute'>

const db = new NOORMME({ connection: { database: path }, performance: { readers: 3 } })
await db.execute(LIST_SCHEMA)
for (const id of lists) await db.execute("INSERT OR IGNORE INTO lists VALUES (?, '')", [id])
process.stdout.write('ready\n')
readSync(0, Buffer.alloc(1))

let next = first
/** Resolves with the next commit, so that readers do not take all the time there is. */
let committed = Promise.withResolvers<void>()
const say = (recorded: Recorded): void => void process.stdout.write(`${JSON.stringify(recorded)}\n`)

async function read(reader: Reader, list: number): Promise<number[]> {
  return valuesOf((await reader.execute<{ items: string }>('SELECT items FROM lists WHERE id = ?', [list])).rows[0])
}

async function appendTo(reader: Reader, chosen: readonly number[]): Promise<{ reads: ListRead[]; appends: Append[] }> {
  const reads: ListRead[] = []
  const appends: Append[] = []
  for (const list of chosen) {
    const values = await read(reader, list)
    const value = next++
    reads.push(listRead(list, values))
    await reader.execute('UPDATE lists SET items = ? WHERE id = ?', [[...values, value].join(), list])
    appends.push({ list, value })
  }
  return { reads, appends }
}

function choose(draw: Chance): number[] {
  const count = draw.between(1, 3)
  return lists.toSorted(() => draw.next() - 0.5).slice(0, count)
}

async function writer(client: string, draw: Chance): Promise<never> {
  for (;;) {
    const chosen = choose(draw)
    const aborts = fault === null && draw.next() < 0.2
    let done: Pick<Recorded, 'reads' | 'appends'> = { reads: [], appends: [] }
    try {
      if (fault === 'no transaction') done = await appendTo(db, chosen)
      else
        await db.transaction(async (tx) => {
          done = await appendTo(tx, chosen)
          if (aborts) throw new Changed()
        })
      say({ client, outcome: 'ok', ...done })
      committed.resolve()
      committed = Promise.withResolvers<void>()
    } catch (error) {
      if (!(error instanceof Changed)) throw error
      say({ client, outcome: 'aborted', ...done })
    }
    // Reads its own write, on whatever thread.
    const list = draw.pick(chosen)
    say({ client, outcome: 'ok', reads: [listRead(list, await read(db, list))], appends: [] })
  }
}

async function readAll(reader: Reader): Promise<ListRead[]> {
  const reads: ListRead[] = []
  for (const list of lists) reads.push(listRead(list, await read(reader, list)))
  return reads
}

async function reader(client: string): Promise<never> {
  for (;;) {
    const reads = fault === 'no snapshot' ? await readAll(db) : await db.snapshot(readAll)
    say({ client, outcome: 'ok', reads, appends: [] })
    const { rows } = await db.execute<{ id: number; items: string }>('SELECT id, items FROM lists')
    const together = rows.filter(({ id }) => lists.includes(id)).map((row) => listRead(row.id, valuesOf(row)))
    say({ client, outcome: 'ok', reads: together, appends: [] })
    await committed.promise
  }
}

await Promise.all([
  ...Array.from({ length: 6 }, (_, n) => writer(`${name}-writer-${n}`, chanceFrom(seed, `${name} ${n}`))),
  reader(`${name}-reader-0`),
  reader(`${name}-reader-1`),
])
