/** Work that many ask for at once and that is done once. */

/**
 * Whoever calls while it is being made, or within `maxAgeMs` after, gets the same. A failure is told to those who wait
 * and then forgotten.
 */
export function shared<T>(make: () => Promise<T>, maxAgeMs: number): () => Promise<T> {
  let current: Promise<T> | null = null
  let madeMs = Number.NEGATIVE_INFINITY
  let isMaking = false

  return () => {
    if (current !== null && (isMaking || performance.now() - madeMs < maxAgeMs)) return current
    isMaking = true
    const making = make().finally(() => {
      isMaking = false
      madeMs = performance.now()
    })
    current = making
    making.catch(() => {
      current = null
    })
    return making
  }
}
