/**
 * Node.js flags for a connection's thread. It inherits the process's own, and that is right but for `--eval` and its
 * kind: `--input-type` beside a file ends a thread at once. Then only those are handed on that load modules, because
 * Node.js refuses V8's and the process's own flags when they are given to a thread by name.
 */

const OWN_PROGRAM = /^(-e|-p|-pe|--eval|--print|--input-type)\b/
const LOADING = /^(--import|--require|-r|--loader|--experimental-loader|--conditions|-C)(=|$)/

/** What to start a thread with; `undefined`: what it inherits. */
export function workerArguments(execArgv: readonly string[]): string[] | undefined {
  if (!execArgv.some((argument) => OWN_PROGRAM.test(argument))) return undefined
  const kept: string[] = []
  for (const [index, argument] of execArgv.entries()) {
    const flag = LOADING.exec(argument)
    if (flag === null) continue
    kept.push(argument)
    const value = execArgv[index + 1]
    if (flag[2] === '' && value !== undefined) kept.push(value)
  }
  return kept
}
