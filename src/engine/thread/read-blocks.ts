/** Reads a statement's rows in blocks from a connection's thread; the statement is released however the reading ends. */
import { toObjects } from '../../sqlite/connection.ts'
import type { Row, StreamOptions } from '../types.ts'
import type { Channel } from './channel.ts'
import type { WireStatement } from './protocol.ts'
import { DEFAULT_BLOCK_ROWS } from './results.ts'

let lastCursor = 0

export async function* readBlocks(
  channel: Channel,
  statement: WireStatement,
  { blockRows = DEFAULT_BLOCK_ROWS }: StreamOptions = {},
): AsyncGenerator<Row[], void> {
  const cursor = ++lastCursor
  await channel.request('openCursor', { cursor, statement })
  try {
    for (;;) {
      const block = await channel.request('readCursor', { cursor, rows: blockRows })
      if (block.rows.length > 0) yield toObjects(block) as Row[]
      if (block.done) return
    }
  } finally {
    // A thread that has died has released its statements as well.
    await channel.request('closeCursor', cursor).catch(() => null)
  }
}
