/** A store of backups that has no files and no lock, as one far away. */

import { assertKey } from '../../src/backup/store/keys.ts'
import type { BackupStore, GetOptions, PutOptions, StoredObject } from '../../src/backup/store/types.ts'
import { BackupMissingError } from '../../src/errors.ts'

export class MemoryStore implements BackupStore {
  readonly description = 'memory'
  readonly #objects = new Map<string, Buffer>()

  async *list(prefix: string): AsyncGenerator<StoredObject> {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort()
    for (const key of keys) yield { key, bytes: this.#objects.get(key)?.length ?? 0 }
  }

  async put(key: string, chunks: AsyncIterable<Uint8Array>, { signal }: PutOptions = {}): Promise<void> {
    assertKey(this.description, key)
    const parts: Uint8Array[] = []
    for await (const chunk of chunks) {
      signal?.throwIfAborted()
      parts.push(chunk)
    }
    this.#objects.set(key, Buffer.concat(parts))
  }

  async *get(key: string, { offset = 0, length }: GetOptions = {}): AsyncGenerator<Uint8Array> {
    const bytes = this.#objects.get(key)
    if (bytes === undefined) throw new BackupMissingError({ store: this.description, name: key })
    yield bytes.subarray(offset, length === undefined ? undefined : offset + length)
  }

  async delete(key: string): Promise<void> {
    this.#objects.delete(key)
  }

  async close(): Promise<void> {}
}
