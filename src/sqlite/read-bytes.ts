/**
 * A piece of a file, read with a descriptor of its own. Closing that drops the locks that SQLite holds on the file in
 * the same process, so it is for processes that do not have the file open.
 */
import { closeSync, openSync, readSync } from 'node:fs'

/** Exactly `count` bytes from `from` on, or `null` when the file has not as many or cannot be read. */
export function readBytes(path: string, from: number, count: number): Buffer | null {
  const bytes = Buffer.alloc(count)
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch {
    // Not there, or not ours to read: there is nothing to tell.
    return null
  }
  try {
    return readSync(descriptor, bytes, 0, count, from) === count ? bytes : null
  } finally {
    closeSync(descriptor)
  }
}
