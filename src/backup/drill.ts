/** The rehearsal: restores a backup to a scratch place, as it would be done in earnest, and looks at what came of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Extensions } from '../sqlite/connection-setup.ts'
import { restoreTo } from './restore/restore-backup.ts'
import type { BackupStore } from './store/types.ts'
import type { JobOptions } from './types.ts'

export interface DrillReport {
  readonly id: string
  /** The state that was restored is that of this moment. */
  readonly createdAt: Date
  readonly bytes: number
  /** Rows of each table, counted in what was restored. */
  readonly rows: Readonly<Record<string, number>>
  /** How long restoring takes (ms): reading, writing, checking. */
  readonly duration: number
}

export interface DrillOptions extends JobOptions {
  /** Which backup. Default: the newest. */
  readonly id?: string | undefined
  /** A folder with room for the database. Default: the system's temporary folder. */
  readonly folder?: string | undefined
}

/** @throws what a restore would throw. Nothing is left of what was restored. */
export async function drill(
  store: BackupStore,
  { folder = tmpdir(), ...options }: DrillOptions & { readonly extensions: Extensions },
): Promise<DrillReport> {
  const start = performance.now()
  const scratch = await mkdtemp(join(folder, 'noormme-drill-'))
  try {
    const { id, createdAt, bytes, rows } = await restoreTo(store, join(scratch, 'restored.db'), options)
    return { id, createdAt, bytes, rows, duration: performance.now() - start }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
