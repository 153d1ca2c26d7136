import { useLayoutEffect, useState } from 'preact/hooks'

/** One value that the page looks at: who reads it with `useStore` is drawn again when it changes. */
export class Store<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }

  /** Answers with what ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState({})
  const drawn = store.value
  useLayoutEffect(() => {
    const look = () => redraw({})
    // It may have changed between being drawn and being subscribed to.
    if (!Object.is(drawn, store.value)) look()
    return store.subscribe(look)
  }, [store])
  return drawn
}
