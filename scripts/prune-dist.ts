/**
 * Protects the package from what used to be: tsc never removes the output of a source file that was renamed or
 * deleted, and it would be published. Runs after it, as the second half of `npm run build`.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './lib/report.ts'
import { listFiles } from './lib/source.ts'
import { strayFiles } from './lib/stray-files.ts'

/** Removes what `dist` has no source for; answers with the paths. */
export async function pruneDist(root: string): Promise<readonly string[]> {
  const sources = await listFiles(root, 'src')
  const stray = (await listFiles(root, 'dist')).filter((path) => strayFiles([path], sources).length > 0)
  for (const path of stray) await rm(join(root, path))
  return stray
}

if (import.meta.main) await pruneDist(ROOT)
