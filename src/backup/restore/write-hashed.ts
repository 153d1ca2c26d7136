/** Writes a file and hashes it in one pass: while this thread hashes a piece, others write it and read the next. */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

/** So much is written before the disk is asked for it, beside what follows: at the end little is left to wait for. */
const SYNC_BYTES = 64 * 2 ** 20

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
  const disk = new Disk(file)
  let bytes = 0
  try {
    for await (const piece of pieces) {
      await disk.write(piece)
      hash.update(piece)
      bytes += piece.length
      onBytes(bytes)
    }
    await disk.end()
  } finally {
    await disk.idle()
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Of what it has under way at most one is a write and one a sync. */
class Disk {
  readonly #file: FileHandle
  #writing: Promise<void> = Promise.resolve()
  #syncing: Promise<void> = Promise.resolve()
  #unsynced = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** Begins to write, once what was written before has been. */
  async write(piece: Uint8Array): Promise<void> {
    await this.#writing
    if (this.#unsynced >= SYNC_BYTES) {
      await this.#syncing
      this.#syncing = watched(this.#file.sync())
      this.#unsynced = 0
    }
    this.#writing = watched(this.#file.writeFile(piece))
    this.#unsynced += piece.length
  }

  async end(): Promise<void> {
    await this.#writing
    await this.#syncing
    await this.#file.sync()
  }

  /** Never rejects: then the file may be closed. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#syncing])
  }
}

/** Its failure is told to whoever waits for it, which may be later. */
function watched(work: Promise<void>): Promise<void> {
  work.catch(() => {})
  return work
}
