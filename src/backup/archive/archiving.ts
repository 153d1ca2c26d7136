/**
 * Archiving of one engine, shared by all that use it: goes on with what the process before has left, and stores what is finished.
 */
import type { EngineArchive } from '../../engine/types.ts'
import { toError } from '../../util/attempt.ts'
import type { BackupStore } from '../store/types.ts'
import { Uploader } from './uploader.ts'

/** How long the end of the program waits for a store that is slow (ms); the rest is stored after the next start. */
const CLOSE_GRACE_MS = 5_000

export class Archiving {
  /** Settles when it is known whether the stream of the process before goes on. */
  readonly ready: Promise<void>
  readonly uploader: Uploader
  readonly #listeners = new Set<(error: Error) => void>()
  #failing = false
  #takenUp = false
  readonly #archive: EngineArchive

  constructor(archive: EngineArchive, store: BackupStore) {
    this.uploader = new Uploader({ archive, store, onError: (error) => this.#failed(error) })
    archive.listen({
      finished: () => {
        this.#failing = this.uploader.lastError !== null
      },
    })
    this.#archive = archive
    this.ready = this.takeUp()
  }

  /** Goes on where the process before has ended, if it has. Never rejects. */
  async takeUp(): Promise<void> {
    try {
      // What is left in the spool may be the stream's last segment, which is written on: first the one, then the other.
      await this.#archive.resume()
      if (this.#archive.stats().elsewhere !== null || this.#takenUp) return
      this.#takenUp = true
      await this.uploader.takeUp()
    } catch (error) {
      this.#failed(toError(error))
    }
  }

  /** Calls `listener` when the store begins to fail. @returns a function that ends it. */
  onFailure(listener: (error: Error) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    await this.ready
    await this.uploader.close(CLOSE_GRACE_MS)
  }

  /** Told once, not with every attempt. */
  #failed(error: Error): void {
    if (this.#failing) return
    this.#failing = true
    for (const listener of this.#listeners) listener(error)
  }
}
