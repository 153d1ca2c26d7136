/**
 * A look that may take longer than whoever asks will wait. One that is still under way is waited for again instead of being
 * begun anew, so looks never pile up behind whatever holds them, and its age tells how long that has lasted.
 */
import type { Observed, Pending } from './types.ts'

export class Probe<T> {
  #running: { readonly since: number; readonly outcome: Promise<Observed<T>> } | null = null

  /** What `work` came to, or that it has not come to anything within `limitMs`. Never rejects. */
  async look(work: () => Promise<T>, limitMs: number): Promise<Observed<T> | Pending> {
    this.#running ??= this.#begin(work)
    const { since, outcome } = this.#running
    const { promise: late, resolve } = Promise.withResolvers<Pending>()
    const timer = setTimeout(() => resolve({ ms: performance.now() - since, pending: true }), limitMs)
    try {
      return await Promise.race([outcome, late])
    } finally {
      clearTimeout(timer)
    }
  }

  #begin(work: () => Promise<T>): { since: number; outcome: Promise<Observed<T>> } {
    const outcome = observe(work)
    const running = { since: performance.now(), outcome }
    void outcome.then(() => {
      if (this.#running === running) this.#running = null
    })
    return running
  }
}

export async function observe<T>(look: () => Promise<T>): Promise<Observed<T>> {
  const start = performance.now()
  try {
    const value = await look()
    return { ms: performance.now() - start, value }
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause)
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
    return { ms: performance.now() - start, error, code }
  }
}
