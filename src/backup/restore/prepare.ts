/** Prepares the file of a restore: the snapshot, what the archive has after it, and a check of what comes of both. */
import { checkFile } from '../../engine/inspect-file.ts'
import { BackupDamagedError, BackupMissingError } from '../../errors.ts'
import type { Extensions } from '../../sqlite/connection-setup.ts'
import { syncFile } from '../../util/durable-files.ts'
import { readStreams } from '../archive/catalogue.ts'
import { basesFor, type RestoreTarget } from '../archive/plan.ts'
import { findManifest, listSnapshots } from '../list-snapshots.ts'
import type { Manifest } from '../manifest.ts'
import type { BackupStore } from '../store/types.ts'
import type { Backup, JobOptions } from '../types.ts'
import { checking, compareContents } from '../verify-snapshot.ts'
import { materialise } from './materialise.ts'
import type { RestorePoint } from './point.ts'
import type { RestoreReport } from './report.ts'
import { rollForward } from './roll-forward.ts'

type Prepared = Omit<RestoreReport, 'path' | 'replaced' | 'resumed'>
type Options = JobOptions & { readonly extensions: Extensions }

/**
 * Makes the file at `path`, where nothing is; whole and on the disk when this resolves.
 *
 * @throws BackupMissingError when nothing in the store leads to that point; BackupDamagedError.
 */
export async function prepare(store: BackupStore, path: string, options: Options & RestorePoint): Promise<Prepared> {
  const { at, commit, id, ...job } = options
  const target: RestoreTarget = at ?? commit ?? 'newest'
  const bases = id === undefined ? await wholeBases(store, target) : []
  const [best] = bases
  if (best?.archive == null) {
    if (best === undefined && id === undefined) await refuse(store, target)
    return asItIs(store, path, id ?? best?.id, { ...job, exact: target === 'newest' || id !== undefined })
  }
  const manifest = await materialiseFirst(store, bases, path, job)
  return goOn(store, path, manifest, { ...job, target })
}

/** A snapshot and nothing more. */
async function asItIs(
  store: BackupStore,
  path: string,
  id: string | undefined,
  { exact, ...options }: Options & { readonly exact: boolean },
): Promise<Prepared> {
  const manifest = await materialise(store, id, path, options)
  const problems = await compareContents(path, manifest, options)
  if (problems.length > 0) throw damaged(store, manifest.id, problems)
  const { bytes, rows, createdAt, archive } = manifest
  return { id: manifest.id, bytes, rows, createdAt: new Date(createdAt), commit: archive?.to ?? null, exact }
}

/** The best of the snapshots that is whole: an older one leads to the same point. */
async function materialiseFirst(
  store: BackupStore,
  bases: readonly Backup[],
  path: string,
  options: JobOptions,
): Promise<Manifest> {
  for (const [index, { id }] of bases.entries()) {
    try {
      return await materialise(store, id, path, options)
    } catch (error) {
      const bad = error instanceof BackupDamagedError || error instanceof BackupMissingError
      if (!bad || index === bases.length - 1) throw error
    }
  }
  throw new BackupMissingError({ store: store.description, name: 'backup' })
}

/** Takes the snapshot's file on to the target. */
async function goOn(
  store: BackupStore,
  path: string,
  manifest: Manifest,
  { target, ...options }: Options & { readonly target: RestoreTarget },
): Promise<Prepared> {
  const { stream, from, to } = manifest.archive ?? { stream: '', from: 0, to: 0 }
  const reached = await rollForward(store, path, { stream, fromCommit: from, atLeast: to, to: target, ...options })
  if (typeof target === 'number' && reached.commit !== target) await refuse(store, target)
  await syncFile(path)
  const { problems, bytes, rows } = await checkFile(path, checking(options))
  if (problems.length > 0) throw damaged(store, `${manifest.id} with commits to ${reached.commit}`, problems)
  const createdAt = reached.time ?? new Date(manifest.createdAt)
  const exact = !(target instanceof Date) || !reached.atEnd || (await isLast(store, stream))
  return { id: manifest.id, bytes, rows, createdAt, commit: reached.commit, exact }
}

/**
 * @throws BackupDamagedError where only snapshots that are known to be damaged lead there: an older state is not what was asked
 *   for, so it is offered by name and not taken.
 */
async function wholeBases(store: BackupStore, target: RestoreTarget): Promise<Backup[]> {
  const snapshots = await listSnapshots(store)
  const bases = basesFor(snapshots, target, (await readStreams(store)).streams)
  const whole = bases.filter(({ ok }) => ok)
  const [best] = bases
  if (best === undefined || whole.length > 0) return whole
  const earlier = snapshots.filter(({ ok, createdAt }) => ok && createdAt < best.createdAt).at(-1)
  const offer =
    earlier === undefined ? 'there is no whole one before it' : `the newest whole one before it is ${earlier.id}`
  throw damaged(store, best.id, [...best.problems, offer])
}

/** Whether no snapshot stands behind the end of a stream: what is missing between the two nobody knows. */
async function isLast(store: BackupStore, stream: string): Promise<boolean> {
  return (await listSnapshots(store)).at(-1)?.archive?.stream === stream
}

async function refuse(store: BackupStore, target: RestoreTarget): Promise<never> {
  if (target === 'newest') await findManifest(store, undefined)
  const name = target instanceof Date ? `state of ${target.toISOString()}` : `commit ${target}`
  throw new BackupMissingError({ store: store.description, name })
}

function damaged(store: BackupStore, name: string, problems: readonly string[]): BackupDamagedError {
  return new BackupDamagedError({ store: store.description, name, reason: problems.join('; ') })
}
