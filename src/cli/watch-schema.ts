/** Waiting for the schema of a file to change, without holding the file open: others may move, replace or alter it. */
import { statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { isNoormmeError } from '../errors.ts'
import { openReadOnly, type ReadOnlyFile } from '../sqlite/read-only-file.ts'

/** Milliseconds: at once for a person, nothing for the machine, since it only asks for sizes and times. */
const POLL_MS = 250

/** It may come back: deleted to be made anew, moved aside, locked for a while. */
const PASSING = ['NOORMME_CONNECTION', 'NOORMME_NOT_A_DATABASE', 'NOORMME_BUSY', 'NOORMME_STATEMENT', 'NOORMME_IO']

/**
 * Calls `changed` now and each time that the file has another schema, until the process gets SIGINT or SIGTERM.
 *
 * @param troubled told of what keeps the file from being read, once each time.
 */
export async function watchSchema(
  path: string,
  changed: (file: ReadOnlyFile) => Promise<void>,
  troubled: (error: Error) => void,
): Promise<void> {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  let seen: string | null = null
  let version: unknown = null
  let trouble: string | null = null
  try {
    while (!stopping.signal.aborted) {
      const stamp = stampOf(path)
      if (stamp !== seen) {
        seen = stamp
        try {
          using file = openReadOnly(path)
          const { rows } = await file.execute({ sql: 'SELECT schema_version AS version FROM pragma_schema_version' })
          if (rows[0]?.version !== version) await changed(file)
          version = rows[0]?.version
          trouble = null
        } catch (error) {
          if (!PASSING.some((code) => isNoormmeError(error, code)) || !(error instanceof Error)) throw error
          if (trouble !== error.message) troubled(error)
          trouble = error.message
          // What has been remembered is of another file, or of a moment when it was locked.
          ;[seen, version] = [null, null]
        }
      }
      await wait(POLL_MS, undefined, { signal: stopping.signal }).catch(() => {
        // Aborted: the loop ends by itself.
      })
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

/** Changes with every commit: in WAL mode that is written to the log. */
function stampOf(path: string): string {
  return [path, `${path}-wal`]
    .map((file) => {
      const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
      return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`
    })
    .join(' ')
}
