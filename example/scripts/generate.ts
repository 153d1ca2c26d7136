/**
 * Writes the types of the gallery's database: a new one is made by the migrations, looked at, and thrown away. What
 * stands behind goes to `noormme generate`: `npm run generate -- --check`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const gallery = fileURLToPath(new URL('..', import.meta.url))
const command = join(gallery, '..', 'dist', 'cli', 'main.js')
const folder = mkdtempSync(join(tmpdir(), 'dreambeesart-types-'))
const database = join(folder, 'gallery.db')

try {
  noormme('migrate', 'up', database)
  noormme('generate', database, '--out', 'src/lib/db/database.types.ts', ...process.argv.slice(2))
} catch (error) {
  // The command has said what is wrong.
  process.exitCode = (error as { readonly status?: number }).status ?? 2
} finally {
  rmSync(folder, { recursive: true })
}

function noormme(...args: readonly string[]): void {
  execFileSync(process.execPath, [command, ...args], { cwd: gallery, stdio: 'inherit' })
}
