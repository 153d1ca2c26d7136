/** Reads what the command line asks for. */
import { parseArgs } from 'node:util'
import type { Size, Work } from '../work.ts'

export interface CommandLine {
  readonly size: Size
  readonly works: readonly Work[]
  /** `null`: as many as each work says. */
  readonly rounds: number | null
}

/** @throws Error saying what is wrong with it. */
export function parseCommandLine(args: readonly string[], works: readonly Work[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
    },
  })
  const size = values.quick ? 'quick' : 'full'
  return { size, works: select(works, size, values.only), rounds: wholeRounds(values.rounds) }
}

function select(works: readonly Work[], size: Size, only: readonly string[]): readonly Work[] {
  const names = works.map(({ name }) => name)
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`there is no work ${unknown}; there are ${names.join(', ')}`)

  const selected = works.filter(({ name }) => only.length === 0 || only.includes(name))
  const fitting = selected.filter(({ fullOnly }) => size === 'full' || fullOnly !== true)
  if (fitting.length === 0) throw new Error(`${only.join(', ')} takes long and is left out of a quick run`)
  return fitting
}

function wholeRounds(text: string | undefined): number | null {
  if (text === undefined) return null
  const rounds = Number(text)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1, got ${text}`)
  return rounds
}
