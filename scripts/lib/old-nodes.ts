/** Node.js versions on this machine that the package does not support, to see that it says so there. */
import { access, realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

export interface OldNode {
  readonly path: string
  /** `v20.20.2` */
  readonly version: string
}

/** Below `engines.node`: 22.14 is the first with the Node-API that the driver is built for. */
export function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major < 22 || (major === 22 && minor < 14)
}

/** Looks through the path, each program once. */
export async function oldNodes(path = process.env.PATH ?? ''): Promise<readonly OldNode[]> {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const found = new Map<string, OldNode>()
  for (const folder of path.split(delimiter)) {
    const program = join(folder, name)
    const real = await access(program).then(
      () => realpath(program),
      () => null,
    )
    if (real === null || found.has(real)) continue
    const { stdout } = await run(program, ['--version'], { cwd: process.cwd() })
    found.set(real, { path: program, version: stdout.trim() })
  }
  return [...found.values()].filter(({ version }) => isOld(version))
}
