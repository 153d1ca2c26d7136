/** Objects of one kind in a store, told by the ending of their keys. */
import type { BackupStore, StoredObject } from './types.ts'

/** The store without `put`, `get` and `files`: only the objects whose key ends so, named without it. */
export function endingWith(inner: BackupStore, suffix: string): Omit<BackupStore, 'put' | 'get' | 'files'> {
  const { lock } = inner
  return {
    ...(lock === undefined ? {} : { lock: () => lock.call(inner) }),
    description: inner.description,
    async *list(prefix, options): AsyncGenerator<StoredObject, void> {
      for await (const { key, bytes } of inner.list(prefix, options))
        if (key.endsWith(suffix)) yield { key: key.slice(0, -suffix.length), bytes }
    },
    delete: (key) => inner.delete(key + suffix),
    close: () => inner.close(),
  }
}
