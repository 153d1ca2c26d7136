/** What the installed package does on a Node.js that is too old for it. */
import { join } from 'node:path'
import type { OldNode } from './old-nodes.ts'
import { CONSTRUCT } from './probes.ts'
import { failure, run } from './run.ts'

export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
}

/** One sentence for each way in which the package installed in `folder` does not refuse well on one of these. */
export async function refusalProblems(
  folder: string,
  { name, bin = {} }: Manifest,
  nodes: readonly OldNode[],
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const { path, version } of nodes) {
    const made = await run(path, ['-e', CONSTRUCT, name], { cwd: folder })
    if (failure(made) !== null || !/^NOORMME_NODE_VERSION [^\n]+\n$/.test(made.stdout) || made.stderr !== '')
      problems.push(`new NOORMME() on ${version} is not refused in one line: ${JSON.stringify(made)}`)
    for (const [command, file] of Object.entries(bin)) {
      const told = await run(path, [join('node_modules', name, file), 'status', './a.db'], { cwd: folder })
      if (told.code !== 2 || told.stdout !== '' || !/^[^\n]*Node[^\n]*\n$/.test(told.stderr))
        problems.push(`${command} on ${version} does not say so in one line and exit with 2: ${JSON.stringify(told)}`)
    }
  }
  return problems
}
