/** Writes a file and hashes it in one pass: while this thread hashes a piece, others write it and read the next. */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

export interface Written {
  readonly bytes: number
  readonly sha256: string
}

/**
 * @param pieces each good until the next but one is asked for.
 * @param onBytes told how many have come.
 * @returns what was written, and is on the disk.
 */
export async function writeHashed(
  pieces: AsyncIterable<Uint8Array>,
  file: FileHandle,
  onBytes: (bytes: number) => void,
): Promise<Written> {
  const hash = createHash('sha256')
  let writing: Promise<void> = Promise.resolve()
  let bytes = 0
  try {
    for await (const piece of pieces) {
      await writing
      writing = file.writeFile(piece)
      // It is told to whoever waits for it, which is later.
      writing.catch(() => {})
      hash.update(piece)
      bytes += piece.length
      onBytes(bytes)
    }
    await writing
    await file.sync()
  } finally {
    // The file may be closed then.
    await writing.catch(() => {})
  }
  return { bytes, sha256: hash.digest('hex') }
}
