/** Where backups are kept: a folder, or a bucket. Whatever is above it knows keys and bytes alone. */

export interface StoredObject {
  /** Names joined by `/`, relative to the target; never `..`, never empty, ASCII letters, digits, `-_.` alone. */
  readonly key: string
  /** As many as `get` gives; of one that is compressed, as many as it takes in the target. */
  readonly bytes: number
}

export interface PutOptions {
  /** How many bytes there will be, where that is known: a store may choose its way by it. */
  readonly bytes?: number
  readonly signal?: AbortSignal | undefined
}

export interface GetOptions {
  /** From this byte on. Default: 0. */
  readonly offset?: number
  /** At most so many bytes. Default: all. */
  readonly length?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Keeps objects under keys. Every method rejects with a `BackupError` that names the store and the key, never a
 * credential; what another attempt may mend is `retryable`.
 */
export interface BackupStore {
  /** For messages and the dashboard: a folder's path, or `s3://bucket/prefix`; never a credential. */
  readonly description: string
  /** All objects whose key begins with `prefix`, in the order of their keys' bytes. */
  list(prefix: string, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<StoredObject>
  /**
   * Stores an object. It appears whole or not at all, and is durable when this resolves; an object of that key is
   * replaced. `chunks` may be of any sizes.
   */
  put(key: string, chunks: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void>
  /** The bytes of an object. @throws BackupError `NOORMME_BACKUP_MISSING` when there is none. */
  get(key: string, options?: GetOptions): AsyncIterable<Uint8Array>
  /** Removes an object; does nothing when there is none. */
  delete(key: string): Promise<void>
  /** Ends connections that it keeps. */
  close(): Promise<void>
  /**
   * Takes the one lock of this target, for what must not be done twice at a time: making and removing backups. It ends with the process that holds it, or soon after. Absent: there is none, and one process alone should use the target.
   *
   * @throws BackupRunningError when somebody has it.
   */
  lock?(): Promise<StoreLock>
  /** Where objects are files of this machine, as they are: no copy has to be made to look at one. Absent elsewhere. */
  readonly files?: StoreFiles
}

export interface StoreLock {
  /** Once; never rejects. */
  release(): Promise<void>
}

export interface LentFile {
  readonly path: string
  /** Removes the path, and what has been made beside it. Never rejects. */
  giveBack(): Promise<void>
}

export interface StoreFiles {
  /**
   * What {@link BackupStore.get} gives of a whole object, without memory of its own for each piece: one is good until the next but
   * one is asked for. @throws as `get` does.
   */
  read(key: string, options?: Pick<GetOptions, 'signal'>): AsyncIterable<Uint8Array>
  /**
   * A path of its own for an object's file, to be looked at by programs that make files beside it; without copying, where that
   * can be done. @throws BackupMissingError when there is none.
   */
  lend(key: string): Promise<LentFile>
  /** A path that no other has, where an object may be prepared on the store's own disk. */
  partialPath(): Promise<string>
  /** Makes a file that was prepared there the object, durable when this resolves. Its bytes have to be on the disk already. */
  adopt(key: string, partialPath: string): Promise<void>
  /** Removes what was prepared and never adopted, once nobody has written to it for so long (ms). */
  sweep(olderThanMs: number): Promise<void>
}
