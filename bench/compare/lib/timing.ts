/** Forcing an interleaving, and seeing that something never ends. */

export interface Gate {
  open(): void
  /** Resolves when it is open. */
  readonly opened: Promise<void>
  /** Resolves when it is open, and after `ms` in any case: a tool that lets one wait for the other comes by. */
  within(ms: number): Promise<void>
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    open: resolve,
    opened: promise,
    within: (ms) => Promise.race([promise, pause(ms)]),
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export type Outcome<T> =
  | { readonly state: 'fulfilled'; readonly value: T }
  | { readonly state: 'rejected'; readonly error: unknown }
  | { readonly state: 'pending' }

/** How the promise stands when it has settled, or after `ms`. */
export function outcome<T>(promise: Promise<T>, ms = 3000): Promise<Outcome<T>> {
  return Promise.race([
    promise.then(
      (value): Outcome<T> => ({ state: 'fulfilled', value }),
      (error: unknown): Outcome<T> => ({ state: 'rejected', error }),
    ),
    pause(ms).then((): Outcome<T> => ({ state: 'pending' })),
  ])
}

/** Closes, gives that three seconds, and ends the process: what hangs must not hold up the next script. */
export async function end(close: () => unknown): Promise<never> {
  await outcome((async () => close())())
  process.exit()
}
