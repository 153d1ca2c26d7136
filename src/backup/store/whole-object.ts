/** Reads an object from its beginning to its end, in the cheapest way that its store has. */
import type { BackupStore, GetOptions } from './types.ts'

/** A piece is good until the next but one is asked for. @throws as `BackupStore.get` does. */
export function wholeObject(
  store: BackupStore,
  key: string,
  options: Pick<GetOptions, 'signal'>,
): AsyncIterable<Uint8Array> {
  return store.files === undefined ? store.get(key, options) : store.files.read(key, options)
}
