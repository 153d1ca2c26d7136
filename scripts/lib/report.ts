/** How a check speaks: it answers with the list of what is wrong, and this prints it. */
import { fileURLToPath } from 'node:url'

/** Looks at the tree below `root`; returns one sentence for each thing wrong. `say` is for facts worth printing. */
export type Check = (root: string, say: (line: string) => void) => Promise<readonly string[]>

/** The root of this repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Runs a check on this repository, prints its outcome and sets the exit code. Answers whether all was well. */
export async function report(name: string, check: Check): Promise<boolean> {
  const started = performance.now()
  const notes: string[] = []
  const problems = await check(ROOT, (line) => notes.push(line))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  for (const line of [...notes, ...problems.map((problem) => `- ${problem}`)]) console.log(`     ${line}`)
  if (problems.length > 0) process.exitCode = 1
  return problems.length === 0
}
