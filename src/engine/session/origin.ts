/** Where in the caller's code a call was made, for the error that has to name it later. */

// Inside a CommonJS bundle `import.meta` is empty. Nothing can be opened there, but loading it must not throw.
const OWN_FILES = String(import.meta.url).replace(/engine\/session\/origin\.[jt]s$/, '')

/** `at file:///app/checkout.ts:12:9`, or `undefined` when no frame of the caller's is on the stack. */
export function originOfCall(): string | undefined {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 30
  const { stack = '' } = new Error()
  Error.stackTraceLimit = stackTraceLimit
  const path = decodeURI(OWN_FILES.replace('file://', ''))
  const frame = stack
    .split('\n')
    .slice(1)
    .find(
      (line) =>
        !line.includes(OWN_FILES) &&
        !line.includes(path) &&
        !line.includes('node:') &&
        !line.includes('/node_modules/'),
    )
  return frame?.trim()
}
