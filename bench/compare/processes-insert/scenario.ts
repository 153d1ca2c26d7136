/** Four processes at once on a file in WAL mode, each of which inserts a hundred rows, one after another. Nobody tries again after an error. */
import { committedNames } from '../lib/fresh-file.ts'
import { ALL, inProcesses, type Tally } from '../lib/processes.ts'
import { verdict } from '../lib/verdict.ts'

export interface Tool {
  /** Inserts a row into `items`. */
  insert(name: string): unknown
  close(): unknown
}

/** @param script `import.meta.url` of the script. */
export function run(script: string, open: (file: string) => Tool | Promise<Tool>): Promise<never> {
  return inProcesses(
    script,
    async (file) => {
      const { insert, close } = await open(file)
      return { act: (process, n) => insert(`row ${n} of process ${process}`), close }
    },
    judge,
    'wal',
  )
}

function judge({ done, refused, told }: Tally, file: string): void {
  const there = committedNames(file).length
  if (there > done) {
    verdict('red', 'kept what failed', `${done} were told that they are committed, yet ${there} rows are there.`)
  } else if (there < done) {
    const says = `${done} were told that they are committed; ${there} rows are there.`
    verdict('red', `lost ${done - there} of ${done}`, says)
  } else if (refused > 0) {
    verdict('yellow', `${refused} of ${ALL} fail`, `${done} were done, ${refused} refused: ${told}`)
  } else verdict('green', `all ${ALL}`, `All ${ALL} were done.`)
}
