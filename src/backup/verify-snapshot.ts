/** Checks a backup again as it lies in the store: every byte against its hash, then by SQLite, then against the manifest. */
import { checkFile, type FileContents, type InspectOptions, inspectFile } from '../engine/inspect-file.ts'
import { isNoormmeError } from '../errors.ts'
import type { Extensions } from '../sqlite/connection-setup.ts'
import { checkKey, databaseKey, putText } from './keys.ts'
import { type Check, findManifest, toBackup } from './list-snapshots.ts'
import type { Manifest } from './manifest.ts'
import { download } from './restore/materialise.ts'
import { stage } from './staging.ts'
import type { BackupStore, LentFile } from './store/types.ts'
import type { Backup, JobOptions } from './types.ts'

type Options = JobOptions & { readonly extensions: Extensions }

/** What shows that a backup is not whole, when a check of it fails. */
const DAMAGE = ['NOORMME_CORRUPT', 'NOORMME_NOT_A_DATABASE', 'NOORMME_BACKUP_DAMAGED', 'NOORMME_IO']

/**
 * The outcome is kept with the backup, so that `list` tells it.
 *
 * @throws BackupMissingError, BackupDamagedError when its manifest cannot be read. A database that is damaged is no error here.
 */
export async function verifySnapshot(
  store: BackupStore,
  id: string | undefined,
  { extensions, ...options }: Options,
): Promise<Backup> {
  const manifest = await findManifest(store, id)
  const problems = await problemsOf(store, manifest, { extensions, ...options })
  const check: Check = { checkedAt: new Date().toISOString(), problems }
  await putText(store, checkKey(manifest.id), `${JSON.stringify(check)}\n`)
  return toBackup(manifest, check)
}

async function problemsOf(store: BackupStore, manifest: Manifest, options: Options): Promise<readonly string[]> {
  try {
    const file = await fileOf(store, manifest, options)
    try {
      return await compareAll(file.path, manifest, options)
    } finally {
      await file.giveBack()
    }
  } catch (error) {
    const gone = isNoormmeError(error, 'NOORMME_BACKUP_MISSING')
    if (gone || DAMAGE.some((code) => isNoormmeError(error, code))) return [(error as Error).message]
    throw error
  }
}

/** What a file is checked with, its progress told. */
export function checking<T extends JobOptions>(options: T): T & InspectOptions {
  const { onProgress } = options
  return { ...options, onProgress: (progress) => onProgress?.({ phase: 'checking', ...progress }) }
}

/** Whether a file whose bytes have been found equal to those that were stored is what the manifest says. */
export async function compareContents(path: string, manifest: Manifest, options: Options): Promise<readonly string[]> {
  return differences(await checkFile(path, checking(options)), manifest)
}

/** The same, its bytes as well. */
async function compareAll(path: string, manifest: Manifest, options: Options): Promise<readonly string[]> {
  const facts = await inspectFile(path, checking(options))
  if (facts.bytes !== manifest.bytes) return [`it has ${facts.bytes} bytes instead of ${manifest.bytes}`]
  if (facts.sha256 !== manifest.sha256) return ['its bytes are not those that were stored (SHA-256)']
  return differences(facts, manifest)
}

function differences(facts: FileContents, manifest: Manifest): readonly string[] {
  if (facts.problems.length > 0) return facts.problems
  const differs = Object.entries(manifest.rows).filter(([table, rows]) => facts.rows[table] !== rows)
  return differs.map(([table, rows]) => `table "${table}" has ${facts.rows[table] ?? 0} rows instead of ${rows}`)
}

async function fileOf(store: BackupStore, manifest: Manifest, options: JobOptions): Promise<LentFile> {
  if (store.files !== undefined) return store.files.lend(databaseKey(manifest.id))
  const staging = await stage(store, null)
  try {
    await download(store, manifest, staging.path, options)
    return { path: staging.path, giveBack: () => staging.remove() }
  } catch (error) {
    await staging.remove()
    throw error
  }
}
