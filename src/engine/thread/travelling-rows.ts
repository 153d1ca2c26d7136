/**
 * The rows of a result on their way from a connection's thread to the main thread.
 *
 *     by position ──pack()──▶ in blocks ══════▶ in blocks ──unpack()──▶ objects
 *     few of them ════════════════════════════▶ by position
 *
 * Few rows stay as they are: a block has a price of its own.
 */
import type { Block, TravellingRows } from './block.ts'
import { buffersOf, largeBlobs } from './encode-block.ts'
import { IncomingRows } from './incoming-rows.ts'
import { OutgoingRows } from './outgoing-rows.ts'
import type { Operation, Operations } from './protocol.ts'

/**
 * Results of at least this many rows travel in blocks. Measured with seven columns, both ends together: 100 rows cost 1.1 ×
 * what they cost by position, 200 rows 0.7 ×.
 */
export const PACKED_ROWS = 128

type Result = Operations[Operation]['result']

/** Puts rows into blocks where they are many; returns the buffers to be handed over instead of copied. */
export function pack(result: Result): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = []
  for (const set of rowSetsOf(result)) {
    if (set.blocks === undefined && set.rows.length >= PACKED_ROWS) packSet(set)
    if (set.blocks === undefined) for (const row of set.rows) buffers.push(...largeBlobs(row))
    else for (const block of set.blocks) buffers.push(...buffersOf(block))
  }
  return buffers
}

function packSet(set: TravellingRows): void {
  const blocks: Block[] = []
  const outgoing = new OutgoingRows((block) => blocks.push(block))
  for (const row of set.rows.splice(0)) outgoing.add(row)
  outgoing.flush()
  set.blocks = blocks
}

/**
 * Makes objects of rows that came in blocks, of `ahead` first: those of the same result that were sent before it.
 * `null`: it is done. A single block is done at once, more of them in slices.
 */
export function unpack(result: Result, ahead: IncomingRows | null): Promise<unknown> | null {
  const sets = rowSetsOf(result).filter(({ blocks }) => blocks !== undefined)
  const blocks = sets.reduce((sum, set) => sum + (set.blocks?.length ?? 0), 0)
  if (ahead === null && blocks <= 1) {
    for (const set of sets) set.objects = new IncomingRows().add(set).now()
    return null
  }
  return Promise.all(
    sets.map(async (set) => {
      set.objects = await (ahead ?? new IncomingRows()).add(set).done()
    }),
  )
}

/** Whatever in a result holds rows. */
function rowSetsOf(result: Result): readonly TravellingRows[] {
  if (result === null) return []
  if (Array.isArray(result)) return result
  if ('rows' in result) return [result]
  return 'outcomes' in result ? result.outcomes.flatMap(({ results }) => results ?? []) : []
}
