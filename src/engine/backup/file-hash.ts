/** The SHA-256 of a file that nobody writes to, read in pieces, so that its thread answers in between. */
import { createHash, type Hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { BackupError } from '../../errors.ts'

const READ_BYTES = 2 ** 20

export class FileHash {
  readonly #path: string
  #descriptor: number | null = null
  #hash = createHash('sha256')
  #buffer: Buffer | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** Reads at most so many bytes more; with the end of the file comes the hash, and the next call begins anew. */
  read(bytes: number): { readonly read: number; readonly sha256: string | null } {
    try {
      this.#descriptor ??= openSync(this.#path, 'r')
      this.#buffer ??= Buffer.allocUnsafe(READ_BYTES)
      let read = 0
      while (read < bytes) {
        const length = readSync(this.#descriptor, this.#buffer, 0, Math.min(READ_BYTES, bytes - read), null)
        if (length === 0) return { read, sha256: this.#end().digest('hex') }
        this.#hash.update(this.#buffer.subarray(0, length))
        read += length
      }
      return { read, sha256: null }
    } catch (cause) {
      this.#end()
      const reason = `${this.#path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`
      throw new BackupError({ reason, advice: 'Check the disk and the system log.' }, { cause })
    }
  }

  #end(): Hash {
    const hash = this.#hash
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
    this.#buffer = null
    this.#hash = createHash('sha256')
    return hash
  }
}
