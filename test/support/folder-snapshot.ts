/** A folder as it is: what is in it, and bytes and time of each file. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One line a file: name, digest, size, mtime in nanoseconds. Two snapshots are equal when nothing was made, removed,
 * written or touched between them.
 */
export function snapshotOf(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => {
      const path = join(folder, name)
      const { size, mtimeNs } = statSync(path, { bigint: true })
      return `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')} ${size} ${mtimeNs}`
    })
}
