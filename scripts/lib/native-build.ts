/** Compiles the extension (native/noormme.c) with a compiler that is there. */
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, run } from './run.ts'

/** Of the SQLite that the driver brings. */
export const HEADERS = 'node_modules/better-sqlite3/deps/sqlite3'
export const SOURCE = 'native/noormme.c'
export const FOLDER = 'native/prebuilt'

const FLAGS = ['-std=c11', '-O2', '-s', '-shared', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror']
/** zig makes its C library for a target the first time. */
const COMPILE_LIMIT_MS = 15 * 60_000

export interface Compiler {
  readonly command: string
  /** What comes before the flags: `cc -target x86_64-linux-musl`. */
  readonly args: readonly string[]
}

/** Compiles for one target; what went wrong, or `null`. A process that has the old binary open keeps it. */
export async function compileNative(root: string, target: string, { command, args }: Compiler): Promise<string | null> {
  await mkdir(join(root, FOLDER), { recursive: true })
  // A folder for it: linkers for Windows write more than they are asked for.
  const folder = await mkdtemp(join(root, FOLDER, '.partial-'))
  try {
    const output = join(folder, 'noormme.node')
    const options = [...args, ...FLAGS, ...systemFlags(target), `-I${HEADERS}`, SOURCE, '-o', output]
    const outcome = await run(command, options, { cwd: root, timeoutMs: COMPILE_LIMIT_MS })
    const wrong = failure(outcome)
    if (wrong === null) await rename(output, join(root, FOLDER, `${target}.node`))
    return wrong
  } catch (error) {
    return String(error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function systemFlags(target: string): readonly string[] {
  if (target.startsWith('win32')) return []
  // The name that a binary for macOS carries is otherwise the path where it was made.
  const name = target.startsWith('darwin') ? ['-Wl,-install_name,@rpath/noormme.node'] : []
  return ['-fPIC', '-pthread', '-D_GNU_SOURCE', ...name]
}

/** Whether the binary is there and newer than everything it is made from. */
export async function isFresh(root: string, target: string): Promise<boolean> {
  const timeOf = (path: string) =>
    stat(join(root, path)).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    )
  const [made, ...inputs] = await Promise.all(
    [`${FOLDER}/${target}.node`, SOURCE, `${HEADERS}/sqlite3ext.h`].map(timeOf),
  )
  return made != null && inputs.every((time) => time == null || time <= made)
}
