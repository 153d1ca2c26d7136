/** A store as configuration describes it. */
import { compressedStore } from './compressed-store.ts'
import { encryptedStore } from './encrypted-store.ts'
import { FolderStore } from './folder-store.ts'
import { s3Store } from './s3-store.ts'
import type { Target } from './target.ts'
import type { BackupStore } from './types.ts'

export interface StoreOptions {
  readonly target: Target
  readonly compression: 'none' | 'zstd'
  /** 32 bytes, or `null`: not encrypted. */
  readonly encryptionKey: Uint8Array | null
}

/** Compressed first: what is encrypted does not compress. */
export function openStore({ target, compression, encryptionKey }: StoreOptions): BackupStore {
  const kept = target.kind === 'folder' ? new FolderStore(target.path) : s3Store(target.location)
  const sealed = encryptionKey === null ? kept : encryptedStore(kept, encryptionKey)
  return compression === 'zstd' ? compressedStore(sealed) : sealed
}
