/**
 * Four processes at once on the same file: a hundred times each reads a counter in a transaction, adds one and writes it. Nobody
 * tries again after an error.
 */
import { committed } from '../lib/fresh-file.ts'
import { ALL, inProcesses, type Tally } from '../lib/processes.ts'
import { verdict } from '../lib/verdict.ts'

export interface Tool {
  /** In a transaction: reads `value` of row 1 of `counters`, adds one, writes it. */
  increment(): unknown
  close(): unknown
}

/** @param script `import.meta.url` of the script. */
export function run(script: string, open: (file: string) => Tool | Promise<Tool>): Promise<never> {
  return inProcesses(
    script,
    async (file) => {
      const { increment, close } = await open(file)
      return { act: increment, close }
    },
    judge,
  )
}

function judge({ done, refused, told }: Tally, file: string): void {
  const [counter] = committed<{ readonly value: number }>(file, 'SELECT value FROM counters')
  const value = counter?.value ?? 0
  if (value > done) {
    verdict('red', 'kept what failed', `${done} were told that they are committed, yet the counter stands at ${value}.`)
  } else if (value < done) {
    const says = `${done} were told that they are committed; the counter stands at ${value}.`
    verdict('red', `lost ${done - value} of ${done}`, says)
  } else if (refused > 0) {
    verdict('yellow', `${refused} of ${ALL} fail`, `${done} were done, ${refused} refused: ${told}`)
  } else verdict('green', `all ${ALL}`, `All ${ALL} were done.`)
}
