/** A place for a database file that is being prepared: on the store's own disk where it has one. */
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDatabase } from '../util/durable-files.ts'
import type { BackupStore } from './store/types.ts'

export interface Staging {
  readonly path: string
  /** Removes what is left of it. Never rejects. */
  remove(): Promise<void>
}

/** @param beside where there is as much space as the file needs: the database's own path. `null`: the system's temporary folder. */
export async function stage(store: BackupStore, beside: string | null): Promise<Staging> {
  const name = `noormme-${randomBytes(8).toString('hex')}.partial`
  const path = (await store.files?.partialPath()) ?? (beside === null ? join(tmpdir(), name) : `${beside}-${name}`)
  return { path, remove: () => removeDatabase(path).catch(() => {}) }
}
