/** Restores a database file from a backup: into a path where nothing is, or in the place of a database that nobody uses. */
import { dirname, resolve } from 'node:path'
import { BackupDamagedError, ValidationError } from '../../errors.ts'
import type { Extensions } from '../../sqlite/connection-setup.ts'
import { identifyFile } from '../../sqlite/file-identity.ts'
import { makeFolder, removeDatabase } from '../../util/durable-files.ts'
import { findManifest } from '../list-snapshots.ts'
import type { BackupStore } from '../store/types.ts'
import type { JobOptions } from '../types.ts'
import { compare } from '../verify-snapshot.ts'
import { materialise } from './materialise.ts'
import { finishReplacing, partialPath, readRestorePlan, replaceDatabase } from './replace-database.ts'

export interface RestoreOptions extends JobOptions {
  /** Which backup. Default: the newest. */
  readonly id?: string | undefined
  /** Extensions and `setup` module that its indexes need to be checked. Default: none. */
  readonly extensions?: Extensions
}

export interface RestoreReport {
  readonly id: string
  readonly path: string
  readonly bytes: number
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>
  /** The state that it holds is that of this moment. */
  readonly createdAt: Date
  /** Where the database is that was there before, with its `-wal` if it had one; `null` when there was none. */
  readonly replaced: string | null
  /** A restore that had been interrupted was finished, and nothing else had to be done. */
  readonly resumed: boolean
}

const NO_EXTENSIONS: Extensions = { libraries: [], setup: null }

/**
 * Everything is read and checked before anything is changed.
 *
 * @throws FileInUseError when some process has the database at `to` open; BackupMissingError, BackupDamagedError, BackupStoreError,
 *   AbortedError. The database at `to` is as it was then.
 */
export async function restoreSnapshot(
  store: BackupStore,
  to: string,
  { id, extensions = NO_EXTENSIONS, ...options }: RestoreOptions,
): Promise<RestoreReport> {
  const path = targetOf(to)
  const plan = await readRestorePlan(path)
  if (plan !== null) await finishReplacing(path, plan)
  const wanted = await findManifest(store, id)
  if (plan !== null && plan.id === wanted.id) {
    return { ...described(wanted), path, replaced: plan.aside, resumed: true }
  }

  const partial = partialPath(path)
  await removeDatabase(partial)
  await makeFolder(dirname(path))
  try {
    const manifest = await materialise(store, wanted.id, partial, options)
    const problems = await compare(partial, manifest, { extensions, ...options })
    if (problems.length > 0) {
      throw new BackupDamagedError({ store: store.description, name: manifest.id, reason: problems.join('; ') })
    }
    const time = new Date().toISOString().replace(/[-:.]/g, '')
    const { aside } = await replaceDatabase(path, manifest.id, `${path}.replaced-${time}`)
    return { ...described(manifest), path, replaced: aside, resumed: false }
  } catch (error) {
    // With a plan it is the new database, and the next restore puts it in its place.
    if ((await readRestorePlan(path).catch(() => null)) === null) await removeDatabase(partial)
    throw error
  }
}

function described({ id, bytes, rows, createdAt }: Awaited<ReturnType<typeof findManifest>>) {
  return { id, bytes, rows, createdAt: new Date(createdAt) }
}

function targetOf(to: unknown): string {
  if (typeof to === 'string' && to !== '' && to !== ':memory:') return identifyFile(resolve(to)).path
  throw new ValidationError({ subject: '`to`', reason: 'must be the path of a database file' })
}
