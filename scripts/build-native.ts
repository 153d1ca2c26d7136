/**
 * Protects whoever works on the repository from a stale extension: `npm run build` compiles it for this machine with the
 * compiler that is there. Where there is none the package works without it, so that is no failure.
 */
import { nativeTarget } from '../src/sqlite/native-binary.ts'
import { compileNative, isFresh } from './lib/native-build.ts'
import { ROOT } from './lib/report.ts'

const COMPILERS = [process.env.CC, 'cc', 'gcc', 'clang']

/** Which compiler made it; `null` when none could, or there was nothing to do. */
export async function buildNative(root: string): Promise<string | null> {
  const target = nativeTarget()
  if (await isFresh(root, target)) return null
  for (const command of COMPILERS) {
    if (command !== undefined && (await compileNative(root, target, { command, args: [] })) === null) return command
  }
  return null
}

if (import.meta.main) await buildNative(ROOT)
