/** Reads what the command line asks for. */
import { parseArgs } from 'node:util'
import { CONTESTANTS, type Contestant } from '../contestants.ts'
import { SCENARIOS, type Scenario } from '../scenarios.ts'

export interface CommandLine {
  readonly scenarios: readonly Scenario[]
  readonly contestants: readonly Contestant[]
}

/** @throws Error saying what is wrong with it. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      tool: { type: 'string', multiple: true, default: [] },
    },
  })
  return {
    scenarios: select('scenario', SCENARIOS, values.only),
    contestants: select('tool', CONTESTANTS, values.tool),
  }
}

function select<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  asked: readonly string[],
): readonly T[] {
  const names = all.map(({ name }) => name)
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`there is no ${what} ${unknown}; there are ${names.join(', ')}`)
  return asked.length === 0 ? all : all.filter(({ name }) => asked.includes(name))
}
