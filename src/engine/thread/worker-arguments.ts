/**
 * Node.js flags for a connection's thread: the process's own, so that loaders and memory limits hold there too, without
 * those that say what the process itself runs. `--input-type` beside a file ends a thread at once.
 */

const WITH_VALUE = new Set(['-e', '--eval', '-p', '--print', '-pe'])
const ALONE = /^--(input-type|eval|print|check|test|watch|watch-path|interactive)\b/

export function workerArguments(execArgv: readonly string[]): string[] {
  const kept: string[] = []
  for (let index = 0; index < execArgv.length; index++) {
    const argument = execArgv[index] as string
    if (WITH_VALUE.has(argument)) index++
    else if (!ALONE.test(argument)) kept.push(argument)
  }
  return kept
}
