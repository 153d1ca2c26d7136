/**
 * Writes until the write-ahead log no longer grows. A log that is written again from its start commits faster than one
 * that grows, so a trial that starts without a log would measure its own beginning.
 */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Client } from '../contestants/types.ts'

const BATCH_ROWS = 2000
/** In SQL, which is as quick for everybody. */
const WRITE_BATCH = `
  INSERT INTO items (artist_id, title, price, likes, status, created_at)
  SELECT artist_id, title, price, likes, status, created_at FROM items LIMIT ? RETURNING id`
/** Batches without growth that show that the log has been started over. */
const STEADY_BATCHES = 5
/** A log of SQLite's own size is full after some twenty. */
const MAX_BATCHES = 200

/** Resolves with the number of rows it has inserted. */
export async function warmLog(client: Client, path: string): Promise<number> {
  let size = 0
  let steady = 0
  for (let batch = 1; batch <= MAX_BATCHES; batch++) {
    await client.readOne(WRITE_BATCH, [BATCH_ROWS])
    const { size: now } = await stat(`${path}-wal`)
    steady = now > size ? 0 : steady + 1
    size = now
    if (steady < STEADY_BATCHES) continue
    await emptyWriteCache()
    return batch * BATCH_ROWS
  }
  throw new Error(`the log still grows after ${MAX_BATCHES * BATCH_ROWS} rows`)
}

/** What the warming has written must not be on its way to the disk while the trial is measured. */
async function emptyWriteCache(): Promise<void> {
  if (process.platform !== 'win32') await promisify(execFile)('sync')
}
