/**
 * Where the module of a connection's thread lies: beside those that start one. A bundler that takes the package into its output
 * leaves that module behind, and what lies beside the bundle under its name is something else.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { InitializationError } from '../../errors.ts'

/**
 * @param engine the URL of a module beside it; `undefined` where a bundler has emptied `import.meta`.
 * @throws InitializationError that names the bundlers' settings when there is no such module.
 */
export function workerEntry(engine: string | undefined): URL {
  const extension = /\/engine\/(?:engine|inspect-file)\.([jt]s)$/.exec(engine ?? '')?.[1]
  if (engine !== undefined && extension !== undefined) {
    const entry = new URL(`./worker.${extension}`, engine)
    if (existsSync(fileURLToPath(entry))) return entry
  }
  throw new InitializationError({
    connection: 'writer',
    reason: 'noormme has been bundled, and the module of its threads is not part of the bundle',
    advice:
      "Keep noormme and better-sqlite3 out of the bundle: esbuild --packages=external, serverExternalPackages: ['noormme', 'better-sqlite3'] in Next.js, ssr.external in Vite. See docs/bundlers.md.",
  })
}
