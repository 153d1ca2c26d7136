/** Builds the package and the gallery when a source is newer than what was built from it. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const gallery = fileURLToPath(new URL('..', import.meta.url))
const root = join(gallery, '..')

buildIfNeeded(root, 'dist/index.js')
buildIfNeeded(gallery, 'dist/main.js')

function buildIfNeeded(folder: string, product: string): void {
  const built = join(folder, product)
  if (existsSync(built) && statSync(built).mtimeMs >= newestSource(join(folder, 'src'))) return
  console.log(`Building ${folder === root ? 'noormme' : 'the gallery'} …`)
  execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['run', 'build', '--silent'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

function newestSource(folder: string): number {
  const times = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
  return Math.max(0, ...times)
}
