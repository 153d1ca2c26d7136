/** Gates on the versions of Node.js and SQLite: checked before anything is opened. */
import { NodeVersionError, SqliteVersionError } from '../errors.ts'

/** The native driver needs Node-API features of this version; on an older one it crashes the process. */
export const OLDEST_NODE = '22.12.0'

/** @throws NodeVersionError on a Node.js older than {@link OLDEST_NODE}. */
export function assertNodeVersion(found: string): void {
  if (compareVersions(found, OLDEST_NODE) < 0) throw new NodeVersionError({ found, needed: '22.12' })
}

/**
 * Refuses a SQLite that can lose or corrupt committed data when one connection writes while another checkpoints
 * (https://sqlite.org/wal.html#walresetbug): fixed in 3.51.3 and in the branches 3.50.7 and 3.44.6; 3.52.0 was withdrawn.
 *
 * @throws SqliteVersionError for a version without the fix.
 */
export function assertSqliteVersion(found: string): void {
  const fixed =
    (compareVersions(found, '3.51.3') >= 0 && !found.startsWith('3.52.0')) ||
    (found.startsWith('3.50.') && compareVersions(found, '3.50.7') >= 0) ||
    (found.startsWith('3.44.') && compareVersions(found, '3.44.6') >= 0)
  if (!fixed) throw new SqliteVersionError({ found })
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)))
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
