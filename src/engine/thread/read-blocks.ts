/** Reads a statement's rows in blocks from a connection's thread; the statement is released however the reading ends. */
import type { Row, StreamOptions } from '../types.ts'
import type { Channel } from './channel.ts'
import type { WireStatement } from './protocol.ts'
import { blockSize, readRows } from './results.ts'

let lastCursor = 0

export async function* readBlocks(
  channel: Pick<Channel, 'request'>,
  statement: WireStatement,
  options?: StreamOptions,
): AsyncGenerator<Row[], void> {
  const rows = blockSize(options)
  const cursor = ++lastCursor
  await channel.request('openCursor', { cursor, statement })
  try {
    for (;;) {
      const block = await channel.request('readCursor', { cursor, rows })
      const blockRows = readRows(block)
      if (blockRows.length > 0) yield blockRows
      if (block.done) return
    }
  } finally {
    // Sent in order, before whatever the connection is asked next, so there is nothing to wait for. A thread that has
    // died, or a snapshot that has ended, has released its statements as well.
    channel.request('closeCursor', cursor).catch(() => null)
  }
}
