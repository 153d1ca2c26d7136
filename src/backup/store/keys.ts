/** Which names objects may have. */
import { BackupStoreError } from '../../errors.ts'

const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

/** @throws BackupStoreError unless `key` is names joined by `/`, of letters, digits and `-_.`, none beginning with a dot. */
export function assertKey(store: string, key: string): void {
  if (key.split('/').every((part) => PART.test(part))) return
  throw new BackupStoreError({
    store,
    key: '',
    reason: `${JSON.stringify(key)} is no key`,
    advice: 'Use ASCII letters, digits, "-", "_" and ".", joined by "/"; no part begins with a dot.',
    mayPass: false,
  })
}
