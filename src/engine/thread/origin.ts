/** Where in the caller's code a call was made, for the error that has to name it later. */

/** `at file:///app/checkout.ts:12:9`, or `undefined` when no frame of the caller's was on the stack. */
export type Origin = () => string | undefined

// Inside a CommonJS bundle `import.meta` is empty. Nothing can be opened there, but loading it must not throw.
const OWN_FILES = String(import.meta.url).replace(/engine\/thread\/origin\.[jt]s$/, '')

/** Where source maps say that they come from (`node --enable-source-maps`). */
const OWN_SOURCES = OWN_FILES.replace(/\/dist\/$/, '/src/')

/** Frames of our own and of Node.js stand above the caller's. */
const FRAMES = 30

/** Takes the stack down at once and reads it only when asked: reading costs ten times as much, and few ask. */
export function originOfCall(): Origin {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = FRAMES
  const taken = new Error()
  Error.stackTraceLimit = stackTraceLimit
  return () => callerIn(taken.stack ?? '')
}

function callerIn(stack: string): string | undefined {
  const own = [OWN_FILES, OWN_SOURCES].flatMap((url) => [url, decodeURI(url.replace('file://', ''))])
  const frame = stack
    .split('\n')
    .slice(1)
    .find(
      (line) =>
        !own.some((place) => line.includes(place)) &&
        !line.includes('node:') &&
        !/ Promise\.\w+ \(index \d+\)$/.test(line) &&
        !line.includes('/node_modules/'),
    )
  return frame?.trim()
}
