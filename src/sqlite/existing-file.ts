/** A file that has to be there already, as its real path. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConnectionError, NoormmeError } from '../errors.ts'

/**
 * The absolute path of a readable file, symbolic links resolved: SQLite puts `-wal` and `-shm` beside the file itself.
 *
 * @throws ConnectionError when there is no such file, it is none, or it cannot be read.
 */
export function existingFile(path: string): string {
  const absolute = resolve(path)
  try {
    const file = realpathSync(absolute)
    const stat = statSync(file)
    if (!stat.isFile()) {
      throw new ConnectionError({
        path: absolute,
        reason: stat.isDirectory() ? 'it is a directory' : 'it is not a file',
        advice: 'Give the path of the database file itself.',
      })
    }
    accessSync(file, constants.R_OK)
    return file
  } catch (cause) {
    if (cause instanceof NoormmeError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    const missing = code === 'ENOENT' || code === 'ENOTDIR'
    throw new ConnectionError(
      {
        path: absolute,
        reason: missing ? 'there is no such file' : `it cannot be read (${code})`,
        advice: missing ? 'Check the path.' : 'Check the path, and that this user may read the file.',
      },
      { cause },
    )
  }
}
