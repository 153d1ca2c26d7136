/** Restores a database file from a backup: into a path where nothing is, or in the place of a database that nobody uses. */
import { basename, dirname, join, resolve } from 'node:path'
import { ValidationError } from '../../errors.ts'
import type { Extensions } from '../../sqlite/connection-setup.ts'
import { identifyFile } from '../../sqlite/file-identity.ts'
import { makeFolder, removeDatabase } from '../../util/durable-files.ts'
import type { BackupStore } from '../store/types.ts'
import type { JobOptions } from '../types.ts'
import type { RestorePoint } from './point.ts'
import { prepare } from './prepare.ts'
import { finishReplacing, partialPath, type RestorePlan, readRestorePlan, replaceDatabase } from './replace-database.ts'
import type { RestoreReport } from './report.ts'

export interface RestoreOptions extends JobOptions, RestorePoint {
  /** Extensions and `setup` module that its indexes need to be checked. Default: none. */
  readonly extensions?: Extensions
}

const NO_EXTENSIONS: Extensions = { libraries: [], setup: null }

/**
 * Everything is read and checked before anything is changed.
 *
 * @throws FileInUseError when some process has the database at `to` open; BackupMissingError, BackupDamagedError, BackupStoreError,
 *   AbortedError. The database at `to` is as it was then.
 */
export async function restoreTo(
  store: BackupStore,
  to: string,
  { extensions = NO_EXTENSIONS, ...options }: RestoreOptions,
): Promise<RestoreReport> {
  const path = targetOf(to)
  const wanted = nameOf(options)
  const plan = await readRestorePlan(path)
  if (plan !== null) {
    await finishReplacing(path, plan)
    if (plan.wanted === wanted) {
      return { ...revived(plan.report), path, replaced: beside(path, plan.aside), resumed: true }
    }
  }

  const partial = partialPath(path)
  await removeDatabase(partial)
  await makeFolder(dirname(path))
  try {
    const report = await prepare(store, partial, { ...options, extensions })
    const time = new Date().toISOString().replace(/[-:.]/g, '')
    const { aside } = await replaceDatabase(path, { wanted, report }, `${basename(path)}.replaced-${time}`)
    return { ...report, path, replaced: beside(path, aside), resumed: false }
  } catch (error) {
    // With a plan it is the new database, and the next restore puts it in its place.
    if ((await readRestorePlan(path).catch(() => null)) === null) await removeDatabase(partial)
    throw error
  }
}

function revived(report: RestorePlan['report']): RestorePlan['report'] {
  return { ...report, createdAt: new Date(report.createdAt) }
}

/** What is asked for, as the plan of a restore remembers it. */
function nameOf({ at, commit, id }: RestorePoint): string {
  const given = [at, commit, id].filter((value) => value !== undefined)
  if (given.length > 1) {
    throw new ValidationError({ subject: 'a restore', reason: 'can be given one of "at", "commit" and "id"' })
  }
  return id ?? (at === undefined ? (commit === undefined ? 'newest' : `commit ${commit}`) : at.toISOString())
}

function beside(path: string, name: string | null): string | null {
  return name === null ? null : join(dirname(path), name)
}

function targetOf(to: unknown): string {
  if (typeof to === 'string' && to !== '' && to !== ':memory:') return identifyFile(resolve(to)).path
  throw new ValidationError({ subject: '`to`', reason: 'must be the path of a database file' })
}
