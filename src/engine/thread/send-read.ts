/** Runs one read on its connection's thread and sends its rows on as they come, so that the thread never holds all of them. */
import type { Connection } from '../../sqlite/connection.ts'
import { fromDriver } from '../../sqlite/values.ts'
import { encodeBlock } from './encode-block.ts'
import { OutgoingRows } from './outgoing-rows.ts'
import type { Ahead, Operations, WireStatement } from './protocol.ts'
import { PACKED_ROWS } from './travelling-rows.ts'

/** Every block but the last goes through `send`; the last is in the result. */
export function sendRead(
  connection: Connection,
  { sql, parameters }: WireStatement,
  send: (ahead: Ahead['ahead']) => void,
): Operations['read']['result'] {
  if (!connection.isReadonly(sql)) return null
  const { label } = connection
  const start = performance.now()
  let names: readonly string[] | null = null
  const outgoing = new OutgoingRows((block) => {
    names ??= connection.columnsOfRun(sql)
    send({ columns: names, blocks: [block] })
  })
  const columns = connection.each(sql, parameters, (row) => outgoing.add(row))
  const rows = outgoing.rest()
  const ms = performance.now() - start
  if (names === null && rows.length < PACKED_ROWS) {
    return { columns, rows: rows.map((row) => row.map(fromDriver)), ms, connection: label }
  }
  return { columns, rows: [], blocks: rows.length === 0 ? [] : [encodeBlock(rows)], ms, connection: label }
}
