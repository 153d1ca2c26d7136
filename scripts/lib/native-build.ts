/** Compiles the extension (native/noormme.c) with a compiler that is there. */
import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, run } from './run.ts'

/** Of the SQLite that the driver brings. */
export const HEADERS = 'node_modules/better-sqlite3/deps/sqlite3'
export const SOURCE = 'native/noormme.c'
export const FOLDER = 'native/prebuilt'

const FLAGS = ['-std=c11', '-O2', '-shared', '-fvisibility=hidden', '-Wall', '-Wextra', '-Werror']

export interface Compiler {
  readonly command: string
  /** What comes before the flags: `cc -target x86_64-linux-musl`. */
  readonly args: readonly string[]
}

/** Compiles for one target; what went wrong, or `null`. A process that has the old binary open keeps it. */
export async function compileNative(root: string, target: string, { command, args }: Compiler): Promise<string | null> {
  const system = target.startsWith('win32') ? [] : ['-fPIC', '-pthread', '-D_GNU_SOURCE']
  const output = `${FOLDER}/${target}.node`
  const partial = `${output}.${process.pid}`
  await mkdir(join(root, FOLDER), { recursive: true })
  const compiled = await run(command, [...args, ...FLAGS, ...system, `-I${HEADERS}`, SOURCE, '-o', partial], {
    cwd: root,
  }).catch((error: Error) => error.message)
  const wrong = typeof compiled === 'string' ? compiled : failure(compiled)
  if (wrong === null) await rename(join(root, partial), join(root, output))
  return wrong
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
