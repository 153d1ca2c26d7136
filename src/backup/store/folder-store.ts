/**
 * Backups in a folder: a key is a path in it. An object is written under another name, on the same disk, and renamed when its
 * bytes are on the disk, so that it appears whole or not at all.
 */
import { randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, link, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { BackupMissingError, BackupRunningError, BackupStoreError } from '../../errors.ts'
import { type ExclusiveLock, lockExclusively } from '../../sqlite/exclusive-lock.ts'
import { makeFolder, removeDatabase, syncFolder } from '../../util/durable-files.ts'
import { readPieces } from '../../util/read-pieces.ts'
import { assertKey } from './keys.ts'
import type { BackupStore, GetOptions, LentFile, PutOptions, StoredObject, StoreFiles, StoreLock } from './types.ts'

const PARTIAL_FOLDER = '.partial'
const LOCK_FILE = '.lock'
/** What another attempt may mend: space that is made, descriptors that are closed, a network's file system that is back. */
const MAY_PASS = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EBUSY', 'EAGAIN', 'ETIMEDOUT', 'ESTALE', 'ENETDOWN'])

/** @param path Of the folder; made when something is put into it. */
export class FolderStore implements BackupStore {
  readonly description: string
  readonly files: StoreFiles
  readonly #root: string

  constructor(path: string) {
    this.#root = resolve(path)
    this.description = this.#root
    this.files = {
      read: (key, { signal } = {}) => this.#telling(key, readPieces(this.#pathOf(key), signal), signal),
      lend: (key) => this.#lend(key),
      partialPath: () => this.#partialPath(),
      adopt: (key, partialPath) => this.#adopt(key, partialPath),
      sweep: (olderThanMs) => this.#sweep(olderThanMs),
    }
  }

  async *list(
    prefix: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<StoredObject, void> {
    const keys = (await this.#keysBelow(prefix)).filter((key) => key.startsWith(prefix)).sort(byBytes)
    for (const key of keys) {
      options.signal?.throwIfAborted()
      const found = await stat(join(this.#root, key)).catch(ignoreAbsence)
      // Removed meanwhile.
      if (found?.isFile()) yield { key, bytes: found.size }
    }
  }

  async put(key: string, chunks: AsyncIterable<Uint8Array>, options: PutOptions = {}): Promise<void> {
    assertKey(this.description, key)
    const partial = await this.#partialPath()
    try {
      await this.#write(key, partial, chunks, options.signal)
      await this.#adopt(key, partial)
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {})
      throw error
    }
  }

  async *get(key: string, { offset = 0, length, signal }: GetOptions = {}): AsyncGenerator<Uint8Array, void> {
    if (length === 0) return
    const end = length === undefined ? undefined : offset + length - 1
    const stream = createReadStream(this.#pathOf(key), {
      start: offset,
      ...(end === undefined ? {} : { end }),
      ...(signal === undefined ? {} : { signal }),
      highWaterMark: 2 ** 20,
    })
    yield* this.#telling(key, stream, signal)
  }

  /** Errors of reading, as a store tells them. */
  async *#telling(
    key: string,
    pieces: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void> {
    try {
      yield* pieces
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw this.#missing(key, error)
      throw signal?.aborted === true ? error : this.#failure(key, error)
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key)
    await this.#io(key, async () => {
      await rm(path, { force: true })
      await syncFolder(dirname(path)).catch(ignoreAbsence)
      await this.#removeEmpty(dirname(path))
    })
  }

  async close(): Promise<void> {}

  async lock(): Promise<StoreLock> {
    const lock = await this.#io(LOCK_FILE, async (): Promise<ExclusiveLock | string> => {
      await makeFolder(this.#root)
      return lockExclusively(join(this.#root, LOCK_FILE))
    })
    if (typeof lock === 'string') throw new BackupRunningError({ store: this.description, holder: lock || undefined })
    return { release: async () => lock.release() }
  }

  #pathOf(key: string): string {
    assertKey(this.description, key)
    return join(this.#root, key)
  }

  async #partialPath(): Promise<string> {
    const folder = join(this.#root, PARTIAL_FOLDER)
    await this.#io(PARTIAL_FOLDER, () => makeFolder(folder))
    return join(folder, randomBytes(12).toString('hex'))
  }

  async #write(
    key: string,
    partial: string,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const handle = await this.#io(key, () => open(partial, 'wx'))
    try {
      for await (const chunk of chunks) {
        signal?.throwIfAborted()
        await this.#io(key, () => handle.writeFile(chunk))
      }
      await this.#io(key, () => handle.sync())
    } finally {
      await handle.close()
    }
  }

  async #adopt(key: string, partial: string): Promise<void> {
    const path = this.#pathOf(key)
    await this.#io(key, async () => {
      await makeFolder(dirname(path))
      await rename(partial, path)
      await syncFolder(dirname(path))
    })
  }

  async #lend(key: string): Promise<LentFile> {
    const path = await this.#partialPath()
    try {
      // A second name. Where the file system has none, a copy, which shares its blocks where it can.
      await link(this.#pathOf(key), path).catch(async (error: unknown) => {
        if (codeOf(error) === 'ENOENT') throw error
        await copyFile(this.#pathOf(key), path, constants.COPYFILE_FICLONE)
      })
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw this.#missing(key, error)
      throw this.#failure(key, error)
    }
    return { path, giveBack: () => removeDatabase(path).catch(() => {}) }
  }

  async #sweep(olderThanMs: number): Promise<void> {
    const folder = join(this.#root, PARTIAL_FOLDER)
    const names = (await readdir(folder).catch(ignoreAbsence)) ?? []
    for (const name of names) {
      const path = join(folder, name)
      const found = await stat(path).catch(ignoreAbsence)
      // A second name that has been given to an old file is as young as that.
      if (found && Date.now() - Math.max(found.mtimeMs, found.ctimeMs) > olderThanMs)
        await this.#io(name, () => rm(path, { force: true }))
    }
  }

  /** All keys in the deepest folder that the prefix names. */
  async #keysBelow(prefix: string): Promise<string[]> {
    const folder = join(this.#root, prefix.slice(0, prefix.lastIndexOf('/') + 1))
    const entries = await this.#io(prefix, () =>
      readdir(folder, { recursive: true, withFileTypes: true }).catch(async (error: unknown) => {
        // An object stands where the prefix names a folder; but the root has to be one.
        const root = codeOf(error) === 'ENOTDIR' ? await stat(this.#root) : null
        if (root?.isDirectory() === false) throw error
        return ignoreAbsence(error)
      }),
    )
    return (entries ?? [])
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.#root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((key) => !key.split('/').some((part) => part.startsWith('.')))
  }

  /** Folders that became empty, up to the root. */
  async #removeEmpty(folder: string): Promise<void> {
    for (let each = folder; each.startsWith(this.#root + sep); each = dirname(each)) {
      try {
        await rmdir(each)
      } catch {
        // Not empty, or gone.
        return
      }
    }
  }

  async #io<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw this.#failure(key, error)
    }
  }

  #missing(key: string, cause: unknown): BackupMissingError {
    return new BackupMissingError({ store: this.description, name: key }, { cause })
  }

  #failure(key: string, cause: unknown): BackupStoreError {
    const code = codeOf(cause) ?? ''
    const mayPass = MAY_PASS.has(code)
    const reason = cause instanceof Error ? cause.message : String(cause)
    const advice = mayPass
      ? 'Free space or wait until the folder can be reached, and try again.'
      : 'Check that the folder exists and that the process may write to it.'
    return new BackupStoreError({ store: this.description, key, reason, advice, mayPass }, { cause })
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function ignoreAbsence(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
  throw error
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
