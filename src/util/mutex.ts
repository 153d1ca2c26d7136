/**
 * Lets one in at a time, in order of asking. Ownership is handed to exactly one waiter, so the cost of a waiter does not
 * grow with the number of others; after {@link Mutex.close} every waiter has been told so.
 */
import { Fifo } from './fifo.ts'

export type Release = () => void

interface Waiter {
  readonly enter: (release: Release) => void
  readonly refuse: (error: Error) => void
}

export class Mutex {
  readonly #waiting = new Fifo<Waiter>()
  #locked = false
  #closed: (() => Error) | null = null

  get locked(): boolean {
    return this.#locked
  }

  /**
   * Resolves when it is the caller's turn, with the function that ends it; calling that twice does nothing. Whoever has
   * to wait is given, by `waiting`, the function that gives the place up; once it is their turn that does nothing.
   */
  acquire(waiting?: (giveUp: (error: Error) => void) => void): Promise<Release> {
    if (this.#closed !== null) return Promise.reject(this.#closed())
    if (!this.#locked) {
      this.#locked = true
      return Promise.resolve(this.#createRelease())
    }
    return new Promise((enter, refuse) => {
      const place = this.#waiting.push({ enter, refuse })
      waiting?.((error) => {
        if (this.#waiting.remove(place)) refuse(error)
      })
    })
  }

  /** Refuses everybody who waits now or asks later. Whoever is inside stays inside. */
  close(reason: () => Error): void {
    this.#closed = reason
    for (const { refuse } of this.#waiting.drain()) refuse(reason())
  }

  #createRelease(): Release {
    let held = true
    return () => {
      if (!held) return
      held = false
      const next = this.#waiting.shift()
      if (next === undefined) this.#locked = false
      else next.enter(this.#createRelease())
    }
  }
}
