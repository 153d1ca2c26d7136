/** Opens the driver's handle on a file: exactly this file, or an error of the catalogue. */
import BetterSqlite3 from 'better-sqlite3'
import { ConnectionError } from '../errors.ts'
import { sqliteCodeOf, translateError } from './result-codes.ts'
import type { ConnectionRole } from './settings.ts'

export interface OpenOptions {
  readonly label: string
  readonly role: ConnectionRole
  readonly settings: { readonly busyTimeout: number }
  readonly mustExist?: boolean
}

let held = false

/**
 * Loads the driver's library into the calling thread, the event loop's, for as long as the process lives. What only worker
 * threads have loaded is unloaded with the last of them, while that thread is still being taken apart:
 * https://github.com/WiseLibs/better-sqlite3/issues/1476
 */
export function holdDriver(): void {
  if (held) return
  new BetterSqlite3(':memory:').close()
  held = true
}

/** @throws ConnectionError, NotADatabaseError, ReadOnlyError, BusyError */
export function openDatabase(
  path: string,
  { role, label, settings, mustExist = role !== 'writer' }: OpenOptions,
): BetterSqlite3.Database {
  if (path !== path.trim()) {
    const reason = 'its name begins or ends with a space, which the driver would cut off'
    throw new ConnectionError({ path, reason, advice: 'Choose a name without it.' })
  }
  try {
    return new BetterSqlite3(path, {
      readonly: role === 'reader' || role === 'inline',
      fileMustExist: mustExist,
      timeout: role === 'inline' ? 0 : settings.busyTimeout,
    })
  } catch (cause) {
    if (sqliteCodeOf(cause) !== undefined) throw translateError(cause, { connection: label, path, phase: 'preparing' })
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConnectionError(
      { path, reason, advice: 'Check that the path exists and the process may use it.' },
      { cause },
    )
  }
}
