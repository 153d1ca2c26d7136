/** Gates on the versions of Node.js and SQLite: checked before anything is opened. */
import { NodeVersionError, SqliteVersionError } from '../errors.ts'

/** The Node-API that the native driver is built for: on an older one opening a database ends the process by a signal. */
export const OLDEST_NODE_API = 10
/** The first Node.js of a supported line that has it (https://nodejs.org/api/n-api.html#node-api-version-matrix). */
export const OLDEST_NODE = '22.14'

/** @throws NodeVersionError on a Node.js without {@link OLDEST_NODE_API}: before 22.14, and 23.0 to 23.5. */
export function assertNodeVersion({ node, napi = '0' }: { readonly node: string; readonly napi?: string }): void {
  if (Number(napi) < OLDEST_NODE_API) throw new NodeVersionError({ found: node, needed: OLDEST_NODE })
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
