/**
 * A process among others that write to the same file. Says `ready`, waits for a line, writes, and says how many writes
 * were committed and how many were refused, by code. With `count: null` it goes on until its input ends.
 */
import { once } from 'node:events'
import { isNoormmeError, NOORMME } from '../../../src/index.ts'
import { ROWS_INSERT, ROWS_SCHEMA, type Told } from '../support/rows.ts'

const { path, writer, inFlight, rows, count } = JSON.parse(process.argv[2] ?? '') as {
  readonly path: string
  readonly writer: number
  /** Writes that are under way at any time. */
  readonly inFlight: number
  /** Rows of each. */
  readonly rows: number
  readonly count: number | null
}

const db = new NOORMME(path)
await db.execute(ROWS_SCHEMA)
process.stdout.write('ready\n')
await once(process.stdin, 'data')
let stopped = false
process.stdin.once('end', () => {
  stopped = true
})

const told = { committed: 0, refused: [] as string[] }
let next = 0

async function write(): Promise<void> {
  while (!stopped && (count === null || next < count)) {
    const n = next++
    try {
      await db.execute(ROWS_INSERT, [writer, n, rows])
      told.committed++
    } catch (error) {
      told.refused.push(isNoormmeError(error) ? error.code : String(error))
    }
  }
}

await Promise.all(Array.from({ length: inFlight }, write))
await db.close()
process.stdin.destroy()
process.stdout.write(`${JSON.stringify(told satisfies Told)}\n`)
