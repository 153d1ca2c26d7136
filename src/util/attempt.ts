/** What `run` threw, as an Error, or `null` when it did not throw. */
export function attempt(run: () => unknown): Error | null {
  try {
    run()
    return null
  } catch (error) {
    return toError(error)
  }
}

/** Whatever was thrown, as an Error: JavaScript allows anything to be. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
