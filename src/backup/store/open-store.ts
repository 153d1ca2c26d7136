/** A store as configuration describes it, or as an existing target turns out to be. */
import { KEY_FORM, parseEncryptionKey } from '../../config/backup-rules.ts'
import { type BackupTarget, parseBackupTarget } from '../../config/backup-target.ts'
import type { ResolvedConfig } from '../../config/types.ts'
import { BackupStoreError, ConfigError } from '../../errors.ts'
import { COMPRESSED, compressedStore } from './compressed-store.ts'
import { ENCRYPTED, encryptedStore } from './encrypted-store.ts'
import { FolderStore } from './folder-store.ts'
import { s3Store } from './s3-store.ts'
import type { BackupStore } from './types.ts'

/** Compressed first: what is encrypted does not compress. */
export function openStore(
  target: BackupTarget,
  { compression, encryptionKey }: Pick<ResolvedConfig['backup'], 'compression' | 'encryptionKey'>,
): BackupStore {
  const key = encryptionKey === null ? null : parseEncryptionKey(encryptionKey)
  const sealed = key === null ? plainStore(target) : encryptedStore(plainStore(target), key)
  return compression === 'zstd' ? compressedStore(sealed) : sealed
}

/**
 * A target whose configuration is not at hand: whether it is compressed and encrypted is told by the names in it.
 *
 * @param encryptionKey used where it is needed.
 * @throws ConfigError for a target or key that cannot be; BackupStoreError when the key is needed and missing.
 */
export async function openExistingStore(
  text: string,
  { cwd, encryptionKey }: { readonly cwd: string; readonly encryptionKey: string | undefined },
): Promise<BackupStore> {
  const target = parseBackupTarget(text, cwd)
  if (!target.ok) throw new ConfigError({ problems: [{ path: 'backup.target', message: target.problem }] })
  const key = encryptionKey === undefined ? null : parseEncryptionKey(encryptionKey)
  if (encryptionKey !== undefined && key === null)
    throw new ConfigError({ problems: [{ path: 'backup.encryptionKey', message: KEY_FORM }] })

  const plain = plainStore(target.value)
  const name = await newestKey(plain)
  const isEncrypted = name.endsWith(ENCRYPTED)
  if (isEncrypted && key === null) {
    const advice = 'Give the key that it was encrypted with: encryptionKey, or NOORMME_BACKUP_KEY in the environment.'
    const reason = 'what is kept there is encrypted'
    throw new BackupStoreError({ store: plain.description, key: '', reason, advice, mayPass: false })
  }
  const sealed = isEncrypted && key !== null ? encryptedStore(plain, key) : plain
  return name.slice(0, isEncrypted ? -ENCRYPTED.length : undefined).endsWith(COMPRESSED)
    ? compressedStore(sealed)
    : sealed
}

function plainStore(target: BackupTarget): BackupStore {
  return target.kind === 'folder' ? new FolderStore(target.path) : s3Store(target.location)
}

/** Of the newest backup: older ones may be of another form. Empty where there is none. */
async function newestKey(store: BackupStore): Promise<string> {
  let newest = ''
  for await (const { key } of store.list('snapshots/')) newest = key
  return newest
}
