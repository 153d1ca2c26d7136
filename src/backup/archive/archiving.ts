/**
 * Archiving of one engine, shared by all that use it: goes on with what the process before has left, and stores what is finished.
 */
import type { EngineArchive } from '../../engine/types.ts'
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

  constructor(archive: EngineArchive, store: BackupStore) {
    this.uploader = new Uploader({ archive, store, onError: (error) => this.#failed(error) })
    archive.listen({
      finished: () => {
        this.#failing = this.uploader.lastError !== null
      },
    })
    // What is left in the spool may be the stream's last segment, which is taken up again: first the one, then the other.
    this.ready = archive.resume().then(
      () => this.uploader.start(),
      () => this.uploader.start(),
    )
    this.ready.catch((error: Error) => this.#failed(error))
  }

  /** Calls `listener` when the store begins to fail. @returns a function that ends it. */
  onFailure(listener: (error: Error) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    await this.ready.catch(() => {})
    await this.uploader.close(CLOSE_GRACE_MS)
  }

  /** Told once, not with every attempt. */
  #failed(error: Error): void {
    if (this.#failing) return
    this.#failing = true
    for (const listener of this.#listeners) listener(error)
  }
}
