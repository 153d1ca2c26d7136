#!/usr/bin/env node
/**
 * The command's entry. Nothing is imported before the version of Node.js is known: on an older one the driver would end
 * the process without a word.
 */
export {}

const { assertNodeVersion } = await import('../sqlite/version.ts')

if (isSupported()) {
  // The driver takes `file:` names as URIs only when it is told to before it is loaded; see read-only-file.ts.
  process.env.SQLITE_USE_URI = '1'
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const { run } = await import('./run.ts')
  // Not process.exit(): what is still on its way to a pipe would be lost.
  process.exitCode = await run(process.argv.slice(2))
}

function isSupported(): boolean {
  try {
    assertNodeVersion(process.versions)
    return true
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 2
    return false
  }
}
