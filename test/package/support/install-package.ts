/**
 * The built package (`npm run build`), packed and installed with what a test needs from the registry, in an empty project.
 * Where the registry cannot be reached, the tests that need it skip.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failure, npm } from '../../../scripts/lib/run.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/
const INSTALL_LIMIT_MS = 240_000

export interface Project {
  readonly folder: string
  /** Why the registry could not be reached; `null` when everything is installed. */
  readonly unreachable: string | null
  remove(): Promise<void>
}

/** @throws Error when packing or installing fails for any other reason than the network. */
export async function installPackage(...others: readonly string[]): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'noormme-package-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const packed = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT })
    const packing = failure(packed)
    if (packing !== null) throw new Error(`npm pack: ${packing}`)
    const [{ filename }] = JSON.parse(packed.stdout)
    await writeFile(join(folder, 'package.json'), '{ "name": "probe", "private": true }')

    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=1']
    const installed = failure(
      await npm(['install', ...flags, join(folder, filename), ...others], {
        cwd: folder,
        timeoutMs: INSTALL_LIMIT_MS,
      }),
    )
    if (installed !== null && !UNREACHABLE.test(installed)) throw new Error(`npm install: ${installed}`)
    return { folder, unreachable: installed, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
