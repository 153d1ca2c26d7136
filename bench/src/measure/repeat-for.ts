/** Repeats a call for a fixed time, so that every trial takes as long, however fast its contestant is. */

/** Calls between two looks at the clock. */
const STRIDE = 64

/** One after another, each awaited; resolves with the number of calls. */
export async function repeatFor(durationMs: number, call: (index: number) => unknown): Promise<number> {
  const end = performance.now() + durationMs
  let calls = 0
  while (performance.now() < end) {
    for (let index = 0; index < STRIDE; index++) await call(calls++)
  }
  return calls
}

/** The same by several clients at once, each of which awaits its own calls. */
export async function repeatByClients(
  clients: number,
  durationMs: number,
  call: (index: number) => unknown,
): Promise<number> {
  const end = performance.now() + durationMs
  let calls = 0
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) await call(calls++)
    }),
  )
  return calls
}
