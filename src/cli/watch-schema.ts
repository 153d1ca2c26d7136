/** Waiting for the schema of a file to change, without holding the file open: others may move, replace or alter it. */
import { statSync } from 'node:fs'
import { isNoormmeError } from '../errors.ts'
import { openReadOnly, type ReadOnlyFile } from '../sqlite/read-only-file.ts'
import { pause, untilStopped } from './until-stopped.ts'

/** Milliseconds: at once for a person, nothing for the machine, since it only asks for sizes and times. */
const POLL_MS = 250

/**
 * Calls `changed` now and each time that the file has another schema, until the process gets SIGINT or SIGTERM. What goes
 * wrong later may pass: a file is deleted to be made anew, or locked for a while, or its schema is half changed.
 *
 * @param troubled told of what goes wrong later, once each time.
 * @throws what goes wrong at first.
 */
export async function watchSchema(
  path: string,
  changed: (file: ReadOnlyFile) => Promise<void>,
  troubled: (error: Error) => void,
): Promise<void> {
  using stopping = untilStopped()
  let known: Known | null = await look(path, null, changed)
  let trouble: string | null = null
  while (await pause(POLL_MS, stopping.signal)) {
    try {
      known = await look(path, known, changed)
      trouble = null
    } catch (error) {
      if (!isNoormmeError(error)) throw error
      if (trouble !== error.message) troubled(error)
      trouble = error.message
      known = null
    }
  }
}

/** What was seen of the file. */
interface Known {
  readonly stamp: string
  /** Of the schema; another file may have the same number. */
  readonly version: string
}

async function look(path: string, known: Known | null, changed: (file: ReadOnlyFile) => Promise<void>): Promise<Known> {
  const stamp = stampOf(path)
  if (stamp === known?.stamp) return known
  using file = openReadOnly(path)
  const { rows } = await file.execute({ sql: 'SELECT schema_version AS version FROM pragma_schema_version' })
  const version = `${statSync(path, { throwIfNoEntry: false })?.ino} ${rows[0]?.version}`
  if (version !== known?.version) await changed(file)
  return { stamp, version }
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
