/** Work that many ask for at once and that is done once. */

/**
 * Whoever calls while it is being made, or within `maxAgeMs` after, gets the same. A failure is told to those who wait
 * and then forgotten.
 *
 * @param state what it depends on: with another value it is made anew at once.
 */
export function shared<T>(
  make: () => Promise<T>,
  maxAgeMs: number,
  state: () => unknown = () => null,
): () => Promise<T> {
  let current: Promise<T> | null = null
  let madeMs = Number.NEGATIVE_INFINITY
  let isMaking = false
  let madeOf: unknown = null

  return () => {
    const isFresh = isMaking || performance.now() - madeMs < maxAgeMs
    const now = state()
    if (current !== null && isFresh && now === madeOf) return current
    madeOf = now
    isMaking = true
    const making = make().finally(() => {
      if (current !== making) return
      isMaking = false
      madeMs = performance.now()
    })
    current = making
    making.catch(() => {
      if (current === making) current = null
    })
    return making
  }
}
